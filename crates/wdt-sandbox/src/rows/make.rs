//! A row from its number: every value is drawn from the seed, the method, the row, the field and
//! the number of changes. Nothing of it is kept.

use std::fmt::Write as _;

use wdt_proto::json::Writer;

use super::hash::{below, mix};
use super::plan::{Form, Part, Plan, Source};
use super::seen::Layout;

/// The most elements of a list inside a row.
const MOST_CHILDREN: u64 = 3;
/// Begins the numbers that things have.
const FIRST_NUMBER: u64 = 1_000_001;

/// What is known of a row besides its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    /// Its place among the rows as they came about.
    pub(super) number: u32,
    /// How often it has changed.
    pub(super) changes: u32,
    /// When it came about, and when it changed last: seconds since 1970.
    pub(super) begun: u32,
    pub(super) changed: u32,
}

/// An element of a row: the row itself, or one inside it.
#[derive(Clone, Copy)]
struct Element<'r> {
    row: &'r Row,
    number: u64,
}

impl Plan {
    /// Writes a row as a reply has it.
    pub(super) fn write(&self, out: &mut Writer, row: &Row) {
        let mut maker = Maker { seed: self.seed, text: String::new() };
        maker.object(out, &self.fields, Element { row, number: row.number.into() });
    }

    /// The text of a row's value, for filters. `None` where the row does without it.
    pub(super) fn text<'t>(&self, part: &Part, row: &Row, text: &'t mut String) -> Option<&'t str> {
        let mut maker = Maker { seed: self.seed, text: std::mem::take(text) };
        let element = Element { row, number: row.number.into() };
        let is_there = maker.is_there(part, element);
        if is_there {
            maker.scalar(part, element);
        }
        *text = maker.text;
        is_there.then_some(text)
    }
}

struct Maker {
    seed: u64,
    text: String,
}

impl Maker {
    fn object(&mut self, out: &mut Writer, fields: &[Part], element: Element<'_>) {
        out.begin_object();
        for part in fields {
            if !self.is_there(part, element) {
                continue;
            }
            out.key(part.name);
            if !part.is_list {
                self.value(out, part, element);
                continue;
            }
            out.begin_array();
            // What a list has stays: its elements' numbers tie it to other documents.
            let many = below(self.draw(part, element, 1, true), MOST_CHILDREN + 1);
            for child in 0..many {
                let number = element.number * (MOST_CHILDREN + 1) + child;
                self.value(out, part, Element { number, ..element });
            }
            out.end_array();
        }
        out.end_object();
    }

    fn value(&mut self, out: &mut Writer, part: &Part, element: Element<'_>) {
        if part.form == Form::Object {
            return self.object(out, &part.fields, element);
        }
        self.scalar(part, element);
        match part.form {
            Form::Integer { quoted: false, .. }
            | Form::Decimal { quoted: false, .. }
            | Form::Time(Layout::EpochMs) => {
                if out.number(&self.text).is_err() {
                    out.string(&self.text);
                }
            }
            Form::Bool { quoted: false } => out.boolean(self.text == "true"),
            _ => out.string(&self.text),
        }
    }

    /// One in eight does without what it need not have.
    fn is_there(&self, part: &Part, element: Element<'_>) -> bool {
        part.is_always_there || below(self.draw(part, element, 2, true), 8) != 0
    }

    fn draw(&self, part: &Part, element: Element<'_>, what: u64, is_fixed: bool) -> u64 {
        let changes = if is_fixed { 0 } else { element.row.changes };
        mix(mix(mix(self.seed, part.id), element.number), u64::from(changes) << 8 | what)
    }

    /// Puts the value's text into `self.text`.
    fn scalar(&mut self, part: &Part, element: Element<'_>) {
        self.text.clear();
        let draw = self.draw(part, element, 0, part.is_fixed);
        match &part.source {
            Source::Own => self.number(part, element.number),
            Source::RowsOwn => self.number(part, element.row.number.into()),
            Source::Few { thing, many } => {
                let drawn = mix(mix(self.seed, *thing), element.number);
                self.number(part, below(drawn, *many));
            }
            Source::Codes(codes) => {
                let place = below(draw, codes.len() as u64);
                self.text.push_str(codes.get(usize::try_from(place).unwrap_or(0)).unwrap_or(&""));
            }
            Source::Changed => self.moment(part, element.row.changed),
            Source::Begun => self.moment(part, element.row.begun),
            // Up to three days before or after.
            Source::Near => {
                let days = u32::try_from(below(draw, 6 * 86_400)).unwrap_or(0);
                self.moment(part, (element.row.begun + days).saturating_sub(3 * 86_400));
            }
            Source::Free => self.free(part, draw),
        }
    }

    /// A number that things have, in the field's form: `1000042`, `TN1000042`.
    fn number(&mut self, part: &Part, number: u64) {
        let text = &mut self.text;
        // Writing into a text cannot fail.
        let _ = match part.form {
            Form::Integer { bits: 8, .. } => write!(text, "{}", number % 100 + 1),
            Form::Integer { bits: 16, .. } => write!(text, "{}", number % 30_000 + 1),
            // A name is for people: 店铺名称7.
            Form::Text { max_chars } if part.name.ends_with("name") => {
                let _ = write!(text, "{}{}", part.label, number + 1);
                shorten(text, max_chars);
                Ok(())
            }
            Form::Text { max_chars } => {
                let name = part.name.split('_').filter_map(|word| word.chars().next());
                for letter in name {
                    text.push(letter.to_ascii_uppercase());
                }
                let _ = write!(text, "{}", FIRST_NUMBER + number);
                // The end differs, the beginning does not.
                let start = text.len().saturating_sub(max_chars);
                text.drain(..start);
                Ok(())
            }
            _ => write!(text, "{}", FIRST_NUMBER + number),
        };
    }

    fn moment(&mut self, part: &Part, second: u32) {
        let layout = match part.form {
            Form::Time(layout) => layout,
            _ => Layout::Seconds,
        };
        write_moment(&mut self.text, second, layout);
    }

    fn free(&mut self, part: &Part, draw: u64) {
        // Two draws of one: which kind of value, and which.
        let (kind, value) = (draw & 31, draw >> 5);
        let text = &mut self.text;
        let _ = match part.form {
            Form::Bool { .. } => write!(text, "{}", value & 1 == 1),
            // Whole numbers that no binary fraction holds.
            Form::Integer { bits: 64, .. } if kind == 0 => {
                write!(text, "{}", i64::MAX - (value >> 32).cast_signed())
            }
            Form::Integer { bits: 8, .. } => write!(text, "{}", value % 100),
            Form::Integer { .. } => write!(text, "{}", value % 1_000),
            Form::Decimal { precision, scale, whole, .. } => {
                decimal(text, (kind, value), precision, scale, whole);
                Ok(())
            }
            Form::Text { max_chars } => {
                words(text, part.label, (kind, value), max_chars);
                Ok(())
            }
            Form::Time(_) | Form::Object => Ok(()),
        };
    }
}

/// One in sixteen has all the digits of its type, one in 32 is negative, one in eight nothing.
fn decimal(text: &mut String, (kind, value): (u64, u64), precision: u32, scale: u32, whole: bool) {
    let power = |digits: u32| 10_u128.pow(digits.min(30));
    let unit = power(scale);
    let mut digits = match kind {
        0 | 1 => power(precision) - 1 - u128::from(value % 97),
        2..=5 => 0,
        _ => u128::from(value) % (unit * 10_000),
    };
    if whole && kind % 2 == 0 {
        digits -= digits % unit;
    }
    let sign = if kind == 6 && digits > 0 { "-" } else { "" };
    let (front, back) = (digits / unit, digits % unit);
    let _ = if scale == 0 || whole && back == 0 {
        write!(text, "{sign}{front}")
    } else {
        write!(text, "{sign}{front}.{back:0width$}", width = scale as usize)
    };
}

/// A text that says which field it is; now and then none, or one with all that is awkward.
fn words(text: &mut String, label: &str, (kind, value): (u64, u64), max_chars: usize) {
    match kind {
        0..=3 => return,
        4 => text.push_str("\"'\\\n\t<b>&\u{2028}😀"),
        _ => {}
    }
    let _ = write!(text, "{label}{}", value % 1_000);
    shorten(text, max_chars);
}

fn shorten(text: &mut String, max_chars: usize) {
    if let Some((end, _)) = text.char_indices().nth(max_chars) {
        text.truncate(end);
    }
}

/// A moment as the platform writes it, Beijing time.
pub(super) fn write_moment(text: &mut String, second: u32, layout: Layout) {
    if layout == Layout::EpochMs {
        let _ = write!(text, "{second}000");
        return;
    }
    let moment = jiff::Timestamp::from_second(second.into()).unwrap_or_default();
    let at = jiff::tz::offset(8).to_datetime(moment);
    let _ = write!(text, "{:04}-{:02}-{:02}", at.year(), at.month(), at.day());
    let _ = match layout {
        Layout::Days => Ok(()),
        Layout::Minutes => write!(text, " {:02}:{:02}", at.hour(), at.minute()),
        _ => write!(text, " {:02}:{:02}:{:02}", at.hour(), at.minute(), at.second()),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected texts are those of `date -d @N` in Beijing (GNU coreutils).
    #[test]
    fn moments_are_those_of_the_calendar() {
        let written = |layout| {
            let mut text = String::new();
            write_moment(&mut text, 1_775_791_716, layout);
            text
        };
        assert_eq!(written(Layout::Seconds), "2026-04-10 11:28:36");
        assert_eq!(written(Layout::Minutes), "2026-04-10 11:28");
        assert_eq!(written(Layout::Days), "2026-04-10");
        assert_eq!(written(Layout::EpochMs), "1775791716000");
    }

    #[test]
    fn decimals_keep_to_their_digits() {
        let made = |kind, value, precision, scale, whole| {
            let mut text = String::new();
            decimal(&mut text, (kind, value), precision, scale, whole);
            text
        };
        assert_eq!(made(0, 0, 19, 4, false), "999999999999999.9999");
        assert_eq!(made(1, 5, 8, 4, true), "9999.9994");
        assert_eq!(made(2, 5, 19, 4, false), "0.0000");
        assert_eq!(made(3, 5, 19, 4, true), "0");
        assert_eq!(made(9, 12_345, 19, 4, false), "1.2345");
        assert_eq!(made(8, 12_345, 19, 4, true), "1");
        assert_eq!(made(6, 12_345, 19, 4, false), "-1.2345");
        assert_eq!(made(9, 12_345, 10, 0, false), "2345");
    }
}
