//! What the fuzz targets share: how an input is cut into parts, and judges that are not the
//! library's own code.

pub mod json;

/// Cuts an input at the first `parts - 1` bytes `0xFF`, which occur in no UTF-8; the last part keeps
/// the rest. What is missing is empty.
#[must_use]
pub fn split(data: &[u8], parts: usize) -> Vec<&[u8]> {
    let mut found: Vec<&[u8]> = data.splitn(parts, |byte| *byte == 0xFF).collect();
    found.resize(parts, b"");
    found
}

/// The part as text; the fuzzer's bytes that are no UTF-8 become U+FFFD.
#[must_use]
pub fn text(part: &[u8]) -> String {
    String::from_utf8_lossy(part).into_owned()
}

/// The signature as the protocol's page has it: a sorted map, one string, the `md5` crate.
#[must_use]
pub fn sign(secret: &str, pairs: &std::collections::BTreeMap<Vec<u8>, Vec<u8>>) -> String {
    format!("{:x}", md5::compute(canonical(secret, pairs)))
}

/// The string that is signed.
#[must_use]
pub fn canonical(secret: &str, pairs: &std::collections::BTreeMap<Vec<u8>, Vec<u8>>) -> Vec<u8> {
    let mut canonical = secret.as_bytes().to_vec();
    for (key, value) in pairs.iter().filter(|(key, _)| *key != b"sign") {
        canonical.extend(key);
        canonical.extend(value);
    }
    canonical.extend(secret.as_bytes());
    canonical
}
