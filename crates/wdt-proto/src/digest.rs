//! MD5: over a secret and pairs between, in lower-case hex, so that nothing of the secret stays
//! behind; and over texts that are no secret, to tell them apart.

use md5::{Digest, Md5};
use zeroize::Zeroize;

/// The digest of the secret, each key and value, and the secret again.
pub(crate) fn md5_hex(secret: &str, pairs: &[(&str, &[u8])]) -> [u8; 32] {
    let hex = digest(secret, pairs);
    wipe_stack();
    hex
}

// Not inlined, so that `wipe_stack` finds its frame below the same caller.
#[inline(never)]
fn digest(secret: &str, pairs: &[(&str, &[u8])]) -> [u8; 32] {
    let mut md5 = Md5::new();
    md5.update(secret);
    for (key, value) in pairs {
        md5.update(key);
        md5.update(value);
    }
    md5.update(secret);
    hex(&md5.finalize())
}

/// The first eight bytes of the MD5 of the parts: to tell rows apart, no more.
pub(crate) fn short(parts: &[&str]) -> u64 {
    let mut md5 = Md5::new();
    for part in parts {
        md5.update((part.len() as u64).to_le_bytes());
        md5.update(part);
    }
    md5.finalize().iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

fn hex(digest: &[u8]) -> [u8; 32] {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut hex = [b'0'; 32];
    for (pair, byte) in hex.chunks_exact_mut(2).zip(digest) {
        pair[0] = HEX[usize::from(byte >> 4)];
        pair[1] = HEX[usize::from(byte & 15)];
    }
    hex
}

/// The crate of MD5 wipes its buffer, but not the words on the stack that it makes of a block: this
/// writes zeros where they were. 1 KiB covers an optimised build; wdt-ffi's `wipe` test looks.
#[inline(never)]
fn wipe_stack() {
    const WORDS: usize = 128;
    [0_u64; WORDS].zeroize();
}
