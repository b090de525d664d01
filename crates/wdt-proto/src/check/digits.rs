//! How many digits a number has, read off its text: no conversion, any length, any exponent.

use crate::json::number_len;

/// The digits that count, of a JSON number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digits {
    /// Before the point, without leading zeros.
    pub(crate) whole: i64,
    /// Behind the point, without trailing zeros.
    pub(crate) fraction: i64,
}

/// Counts. `number` is a JSON number.
pub(crate) fn count(number: &str) -> Digits {
    let unsigned = number.strip_prefix('-').unwrap_or(number);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = || whole.bytes().chain(fraction.bytes());
    let Some(first) = digits().position(|digit| digit != b'0') else {
        return Digits { whole: 0, fraction: 0 };
    };
    let zeros_behind = whole.bytes().rev().take_while(|d| *d == b'0').count();
    let zeros_at_end = match fraction.bytes().rev().take_while(|d| *d == b'0').count() {
        all if all == fraction.len() => all + zeros_behind,
        some => some,
    };
    let len = whole.len() + fraction.len();
    // An exponent past i64 is far past every limit; its sign is all that counts.
    let beyond = if exponent.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
    let exponent = exponent.trim_start_matches('+').parse::<i64>().unwrap_or(beyond);
    let exponent = exponent.clamp(i64::MIN / 2, i64::MAX / 2);
    let point = signed(whole.len()) + exponent;
    Digits {
        whole: (point - signed(first)).max(0),
        fraction: (signed(len - zeros_at_end) - point).max(0),
    }
}

/// Whether the plain text of a JSON number shows, without counting, that it has no more digits
/// than these: the usual case.
pub(super) fn plainly_fit(number: &str, whole: usize, fraction: usize) -> bool {
    let unsigned = number.strip_prefix('-').unwrap_or(number).as_bytes();
    let len = unsigned.iter().take_while(|b| b.is_ascii_digit()).count();
    match unsigned.get(len..) {
        Some([]) => len <= whole,
        Some([b'.', rest @ ..]) => {
            len <= whole && rest.len() <= fraction && rest.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// The value of a number without fraction digits that count, if 128 bits hold it.
pub(crate) fn integer(number: &str) -> Option<i128> {
    if let Ok(small) = number.parse() {
        return Some(small);
    }
    if number_len(number.as_bytes()) != Some(number.len()) {
        return None;
    }
    // `1.0`, `1e3`, `10e-1`: the digits that count, zeros where there are too few.
    let Digits { whole, fraction: 0 } = count(number) else { return None };
    let whole = usize::try_from(whole).ok().filter(|whole| *whole <= 38)?;
    let mantissa = number.split(['e', 'E']).next()?;
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0');
    let value = digits
        .chain(core::iter::repeat(b'0'))
        .take(whole)
        .fold(0_i128, |value, digit| value * 10 + i128::from(digit - b'0'));
    Some(if number.starts_with('-') { -value } else { value })
}

fn signed(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_plainly_fits_does_fit() {
        for (number, fits) in [
            ("1.0000", true),
            ("-999999999999999.9999", true),
            ("1.00000", false),
            ("1e3", false),
            ("1.5e3", false),
            ("1000000000000000", false),
        ] {
            assert_eq!(plainly_fit(number, 15, 4), fits, "{number}");
        }
    }

    #[test]
    fn digits_that_count() {
        for (number, whole, fraction) in [
            ("0", 0, 0),
            ("-0.000", 0, 0),
            ("1.0000000", 1, 0),
            ("1.00001", 1, 5),
            ("999999999999999.9999", 15, 4),
            ("1000000000000000", 16, 0),
            ("0.0010", 0, 3),
            ("1.5e3", 4, 0),
            ("1500e-3", 1, 1),
            ("1200e-2", 2, 0),
            ("1.25E+1", 2, 1),
            ("0e999999999999999999999", 0, 0),
        ] {
            assert_eq!(count(number), Digits { whole, fraction }, "{number}");
        }
        assert!(count("1e999999999").whole > 900_000_000);
        assert!(count("1e999999999999999999999").whole > 1 << 40);
        assert!(count("1e-999999999999999999999").fraction > 1 << 40);
    }
}
