//! When things happen in a day of a shop: hardly anything at night, most at noon and in the evening.

use super::hash::below;

/// Seconds of a day.
pub(super) const DAY: u32 = 86_400;
const HOUR: u32 = 3_600;
/// Beijing's clocks are ahead by so much.
const EAST: u32 = 8 * HOUR;

/// How much happens in each hour of the day.
const HOURS: [u32; 24] =
    [10, 5, 3, 2, 2, 4, 8, 16, 28, 40, 50, 58, 62, 52, 44, 42, 42, 44, 50, 62, 74, 70, 46, 22];
/// What a whole day weighs.
const WHOLE: u64 = {
    let (mut hour, mut sum) = (0, 0);
    while hour < HOURS.len() {
        sum += HOURS[hour] as u64;
        hour += 1;
    }
    sum * HOUR as u64
};

/// Weight of all that happened before a second, from 1970 on.
fn before(second: u32) -> u64 {
    let local = u64::from(second) + u64::from(EAST);
    let (day, mut rest) = (local / u64::from(DAY), local % u64::from(DAY));
    let mut weight = day * WHOLE;
    for hour in HOURS {
        let part = rest.min(HOUR.into());
        weight += part * u64::from(hour);
        rest -= part;
    }
    weight
}

/// The second in which that much has happened: the inverse of [`before`].
fn second_at(weight: u64) -> u32 {
    let (day, mut rest) = (weight / WHOLE, weight % WHOLE);
    let mut local = day * u64::from(DAY);
    for hour in HOURS {
        let (hour, whole) = (u64::from(hour), u64::from(hour * HOUR));
        if rest < whole {
            local += rest / hour;
            break;
        }
        rest -= whole;
        local += u64::from(HOUR);
    }
    u32::try_from(local.saturating_sub(EAST.into())).unwrap_or(u32::MAX)
}

/// The second from `first` to `last` that `share`, a number of 64 bits, stands for: 0 is the
/// first, half of them is where half has happened.
pub(super) fn draw(first: u32, last: u32, share: u64) -> u32 {
    let (start, end) = (before(first), before(last) + 1);
    let weight = below(share, end.saturating_sub(start));
    second_at(start + weight).clamp(first, last.max(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `date -d '2026-10-01 00:00:00 +0800' +%s`
    const MIDNIGHT: u32 = 1_790_784_000;

    #[test]
    fn a_day_has_its_quiet_and_its_busy_hours() {
        let mut hours = [0; 24];
        for n in 0..10_000_u64 {
            let second = draw(MIDNIGHT, MIDNIGHT + DAY - 1, n * (u64::MAX / 10_000));
            hours[((second - MIDNIGHT) / HOUR) as usize] += 1;
        }
        let at = |from: usize, to: usize| hours[from..to].iter().sum::<u32>();
        assert_eq!(at(0, 24), 10_000);
        assert!(at(1, 6) < 300, "{hours:?}");
        assert!(at(11, 14) > 1_500 && at(19, 22) > 2_000, "{hours:?}");
        assert!(hours[12] > hours[15] && hours[20] > hours[15], "{hours:?}");
    }

    #[test]
    fn a_draw_stays_within_and_grows_with_its_share() {
        for (first, last) in [(MIDNIGHT, MIDNIGHT), (MIDNIGHT + 7, MIDNIGHT + 3 * DAY), (0, 5)] {
            let draws = (0..100_u64).map(|n| draw(first, last, n * (u64::MAX / 99)));
            let draws: Vec<_> = draws.collect();
            assert!(draws.is_sorted() && draws.iter().all(|d| (first..=last).contains(d)));
            assert_eq!((draws[0], draws[99]), (first, last));
        }
        for second in [0, 1, MIDNIGHT - 1, MIDNIGHT, MIDNIGHT + 12_345, u32::MAX - EAST] {
            assert_eq!(second_at(before(second)), second);
        }
    }
}
