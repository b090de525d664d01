//! The request as it was sent: the query taken apart, and the body.

use std::fmt;

use wdt_proto::{Bilingual, Language, catalogue, query};

/// A request as it was sent.
///
/// ```
/// use wdt_explain::{Sent, Unreadable};
///
/// let sent = Sent::parse("POST /openapi?sid=wdtapi3&v=1.0 HTTP/1.1", "[]")?;
/// assert_eq!(sent.get("sid"), Some("wdtapi3"));
/// assert_eq!(sent.body(), b"[]");
/// assert_eq!(Sent::parse("http://erp.example/openapi", "[]").err(), Some(Unreadable::NoQuery));
/// # Ok::<(), Unreadable>(())
/// ```
#[derive(Debug, Clone)]
pub struct Sent {
    /// As it came, percent-encoded.
    pub(crate) query: String,
    /// Decoded, in the query's order, `sign` included.
    pub(crate) pairs: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// What stands before the query, where a URL was given.
    pub(crate) base: Option<String>,
}

/// Why a request cannot be taken apart.
///
/// ```
/// use wdt_explain::{Sent, Unreadable};
///
/// let error = Sent::parse("sid=%zz&v=1.0", "[]").unwrap_err();
/// assert_eq!(error, Unreadable::MalformedQuery { part: "sid=%zz".into() });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unreadable {
    /// There is no query in what was given.
    NoQuery,
    /// A part of the query is no `key=value` in percent-encoded UTF-8.
    MalformedQuery {
        /// The part.
        part: String,
    },
}

impl Bilingual for Unreadable {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, language) {
            (Self::NoQuery, Language::Chinese) => f.write_str(
                "URL 里没有参数：请给出实际发送的完整 URL，包括“?”后面的全部内容（要加引号，否则 shell 会把 & 截走）",
            ),
            (Self::NoQuery, _) => f.write_str(
                "there is no query in the URL: give the whole URL as sent, with everything behind \
                 the '?' (in quotes, or the shell takes '&' for itself)",
            ),
            (Self::MalformedQuery { part }, Language::Chinese) => {
                write!(f, "URL 参数 {part:?} 不是按 UTF-8 做百分号编码的 key=value")
            }
            (Self::MalformedQuery { part }, _) => {
                write!(f, "query: {part:?} is not a key=value pair in percent-encoded UTF-8")
            }
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(Language::English, f)
    }
}

impl std::error::Error for Unreadable {}

impl Sent {
    /// Takes a URL, a query string, or a line of a log with a URL in it, and the body.
    ///
    /// # Errors
    /// [`Unreadable`] where there is no query, or it cannot be taken apart.
    pub fn parse(url: &str, body: impl Into<Vec<u8>>) -> Result<Self, Unreadable> {
        let line = url.trim().trim_matches(['"', '\'']);
        // `POST /openapi?… HTTP/1.1`, as servers log it.
        let line = line.strip_prefix("POST ").unwrap_or(line);
        let line = line.split_once(" HTTP/").map_or(line, |(url, _)| url).trim();
        let (base, query) = match line.split_once('?') {
            Some((base, query)) => (Some(base).filter(|base| !base.is_empty()), query),
            None if line.contains("://") || !line.contains('=') => return Err(Unreadable::NoQuery),
            None => (None, line),
        };
        let query = query.split_once('#').map_or(query, |(query, _)| query);
        Ok(Self { base: base.map(str::to_owned), ..Self::of_query(query, body)? })
    }

    /// Takes a query as a server received it, and the body.
    ///
    /// # Errors
    /// [`Unreadable::MalformedQuery`] where it cannot be taken apart.
    pub fn of_query(query: &str, body: impl Into<Vec<u8>>) -> Result<Self, Unreadable> {
        let pairs = query::parse(query)
            .map_err(|error| Unreadable::MalformedQuery { part: error.part().to_owned() })?;
        let pairs = pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        Ok(Self { query: query.to_owned(), pairs, body: body.into(), base: None })
    }

    /// The first value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The query's pairs, decoded, in its order.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    pub(crate) fn method(&self) -> Option<catalogue::Method<'static>> {
        catalogue::method(self.get("method")?)
    }

    /// What the query holds but for `sign`.
    pub(crate) fn params(&self) -> impl Iterator<Item = &(String, String)> {
        self.pairs.iter().filter(|(key, _)| key != "sign")
    }

    /// All that is signed: the query but for `sign`, and the body.
    pub(crate) fn signed_pairs(&self) -> Vec<(&str, &[u8])> {
        let query = self.params().map(|(key, value)| (key.as_str(), value.as_bytes()));
        query.chain([("body", self.body.as_slice())]).collect()
    }
}
