//! What the platform answers, before it becomes HTTP.

use wdt_proto::Refusal;
use wdt_proto::json::Writer;

use crate::why::Why;

/// An answer of the platform. On the wire it is HTTP 200 whatever the status.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: i64,
    pub(crate) message: String,
    /// The whole body.
    pub(crate) body: Vec<u8>,
}

impl Reply {
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

impl From<&Refusal> for Reply {
    fn from(refusal: &Refusal) -> Self {
        let (status, message) = (refusal.status(), refusal.message());
        let mut out = Writer::with_capacity(message.len() + 32);
        out.begin_object();
        out.key("status");
        out.integer(status);
        out.key("message");
        out.string(message);
        out.end_object();
        Self { status, message: message.to_owned(), body: out.into_bytes() }
    }
}

/// A refusal and the reason for it, which the platform does not send and the journal shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) refusal: Refusal,
    pub(crate) why: Why,
}

impl Refused {
    pub(crate) fn new(refusal: Refusal, why: Why) -> Self {
        Self { refusal, why }
    }

    pub(crate) fn no_such_good(id: i64) -> Self {
        let why = Why::new(
            format!(
                "there is no good {id}; ids are those that getSelfWaitSyncIdListOpen lists, and \
                 that the page shows"
            ),
            format!("没有 id 为 {id} 的货品；id 以 getSelfWaitSyncIdListOpen 返回的和网页上的为准"),
        );
        Self::new(Refusal::NO_SUCH_RECORD, why)
    }
}
