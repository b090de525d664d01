//! What the platform answers, before it becomes HTTP.

use wdt_proto::json::Writer;

/// An answer of the platform. On the wire it is HTTP 200 whatever the status.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: i64,
    pub(crate) message: String,
    /// The whole body.
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn error(status: i64, message: impl Into<String>) -> Self {
        let message = message.into();
        let mut out = Writer::with_capacity(message.len() + 32);
        out.begin_object();
        out.key("status");
        out.integer(status);
        out.key("message");
        out.string(&message);
        out.end_object();
        Self { status, message, body: out.into_bytes() }
    }

    /// Status 0 with what `write` makes of `data`.
    pub(crate) fn data(write: impl FnOnce(&mut Writer)) -> Self {
        let mut out = Writer::with_capacity(512);
        out.begin_object();
        out.key("status");
        out.integer(0);
        out.key("data");
        write(&mut out);
        out.end_object();
        Self::ok(out.into_bytes())
    }

    /// Status 0 and nothing else.
    pub(crate) fn done() -> Self {
        Self::ok(br#"{"status":0}"#.to_vec())
    }

    /// A whole body with status 0.
    pub(crate) fn ok(body: Vec<u8>) -> Self {
        Self { status: 0, message: String::new(), body }
    }
}
