//! Draws without a state: the same place, the same draw.

/// Mixes two numbers into one of which each bit depends on all of theirs (the finish of
/// `SplitMix64`).
pub(super) fn mix(seed: u64, value: u64) -> u64 {
    let mut mixed = (seed ^ value.rotate_left(29)).wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}

/// The same with a text.
pub(super) fn of_text(seed: u64, text: &str) -> u64 {
    text.bytes().fold(mix(seed, text.len() as u64), |hash, byte| mix(hash, byte.into()))
}

/// A number below `end` from a draw; 0 where there is none.
pub(super) fn below(draw: u64, end: u64) -> u64 {
    u64::try_from((u128::from(draw) * u128::from(end)) >> 64).unwrap_or(0)
}
