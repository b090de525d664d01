//! The signature: MD5 over secret, sorted parameters, secret.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use subtle::ConstantTimeEq;

use crate::digest::md5_hex;

/// One signed pair: a key and the raw bytes of its value.
pub(crate) type Pair<'a> = (&'a str, &'a [u8]);

/// A signature: 32 lower-case hex characters. Two are compared in constant time.
///
/// ```
/// let sign = wdt_proto::sign("testsecret", [("sid", "wdtapi3"), ("body", "[]")]);
/// assert_eq!(sign.as_str().len(), 32);
/// assert!(sign.matches(sign.as_str()));
/// assert!(!sign.matches(&sign.as_str().to_uppercase()));
/// ```
#[derive(Clone, Copy)]
pub struct Signature([u8; 32]);

impl Signature {
    /// The 32 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Always ASCII: hex.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Whether `given` is this signature to the letter, in time that does not depend on where
    /// they differ.
    #[must_use]
    pub fn matches(&self, given: &str) -> bool {
        self.0.ct_eq(given.as_bytes()).into()
    }
}

impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Signature {}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({self})")
    }
}

/// The bare algorithm: signs any parameters, given in any order.
///
/// `params` are the query parameters with their raw values (before URL encoding), plus `body` with
/// the exact bytes of the HTTP body. A `sign` among them is left out, as the rule says. `secret` is
/// the part of the app secret before the first colon.
///
/// ```
/// let params = [
///     ("sid", "wdtapi3"), ("key", "wdt_test"), ("salt", "testsalt"), ("v", "1.0"),
///     ("method", "system.Core.now"), ("timestamp", "450444516"), ("body", "[]"),
/// ];
/// let sign = wdt_proto::sign("testsecret", params);
/// assert_eq!(sign.as_str(), "c9053525ed8fc05e3263c8d7210060ca");
/// ```
#[must_use]
pub fn sign<'a, V, I>(secret: &str, params: I) -> Signature
where
    V: AsRef<[u8]> + ?Sized + 'a,
    I: IntoIterator<Item = (&'a str, &'a V)>,
{
    sign_pairs(secret, &mut collect(params))
}

/// Shows what [`sign`] signs: the canonical string, the secret masked, its length, the signature.
///
/// ```
/// let explanation = wdt_proto::explain("testsecret", [("sid", "wdtapi3"), ("body", "[]")]);
/// assert_eq!(explanation.canonical, "***body[]sidwdtapi3***");
/// assert_eq!(explanation.length, 36);
/// assert_eq!(explanation.sign, wdt_proto::sign("testsecret", [("sid", "wdtapi3"), ("body", "[]")]));
/// ```
///
/// Bytes that are not UTF-8 are shown as U+FFFD; length and signature are those of the real bytes.
#[must_use]
pub fn explain<'a, V, I>(secret: &str, params: I) -> Explanation
where
    V: AsRef<[u8]> + ?Sized + 'a,
    I: IntoIterator<Item = (&'a str, &'a V)>,
{
    let mut pairs = collect(params);
    pairs.sort_unstable_by_key(|(key, _)| *key);
    explain_sorted(secret, &pairs)
}

/// All parameters but `sign`.
fn collect<'a, V, I>(params: I) -> Vec<Pair<'a>>
where
    V: AsRef<[u8]> + ?Sized + 'a,
    I: IntoIterator<Item = (&'a str, &'a V)>,
{
    params
        .into_iter()
        .filter(|(key, _)| *key != "sign")
        .map(|(key, value)| (key, value.as_ref()))
        .collect()
}

/// Signs pairs without `sign`; sorts them on the way.
pub(crate) fn sign_pairs(secret: &str, pairs: &mut [Pair<'_>]) -> Signature {
    pairs.sort_unstable_by_key(|(key, _)| *key);
    sign_sorted(secret, pairs)
}

/// Signs pairs without `sign` that are sorted by key.
pub(crate) fn sign_sorted(secret: &str, pairs: &[Pair<'_>]) -> Signature {
    debug_assert!(pairs.is_sorted_by_key(|(key, _)| *key));
    Signature(md5_hex(secret, pairs))
}

/// What was signed, for people who hunt a mismatch: see [`Request::explain`](crate::Request::explain).
///
/// ```
/// use wdt_proto::{Credentials, Request, Timestamp};
///
/// let credentials = Credentials::new("wdtapi3", "appkey", "testsecret:testsalt")?;
/// let request = Request::builder("system.Core.now").raw_body("[]")?;
/// let explanation = request.explain(&credentials, Timestamp::from_seconds(450_444_516)?);
/// assert!(explanation.canonical.starts_with("***body[]keyappkey"));
/// assert!(!explanation.canonical.contains("testsecret"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The canonical string, with `***` where the secret stands at both ends.
    pub canonical: String,
    /// The length in bytes of the real canonical string, the secret included twice. A length
    /// that differs from yours finds a lost or a doubled character at once.
    pub length: usize,
    /// The signature.
    pub sign: Signature,
}

/// Explains pairs that are sorted by key.
pub(crate) fn explain_sorted(secret: &str, pairs: &[Pair<'_>]) -> Explanation {
    const MASK: &str = "***";
    let sign = sign_sorted(secret, pairs);
    let mut canonical = String::from(MASK);
    let mut length = 2 * secret.len();
    for (key, value) in pairs {
        length += key.len() + value.len();
        canonical.push_str(key);
        canonical.push_str(&String::from_utf8_lossy(value));
    }
    canonical.push_str(MASK);
    Explanation { canonical, length, sign }
}
