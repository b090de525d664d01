//! Where all output goes: text or JSON, colours only on a terminal, the secret masked, what could
//! steer a terminal encoded.

use std::cell::Cell;
use std::fmt::{self, Write as _};
use std::io;

use anstyle::{AnsiColor, Style};
use serde_json::Value;
pub(crate) use wdt_explain::visible;
use wdt_proto::Language;
use zeroize::Zeroizing;

use crate::failure::{Exit, Failure};
use crate::words::{Words, either, said, words};

pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const ODD: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const HEAD: Style = Style::new().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();

/// Each style and the noncharacter that begins it until the text is printed: an escape sequence in
/// a text is then never the program's own.
const STYLES: [(Style, char); 5] = [
    (GOOD, '\u{fdd0}'),
    (BAD, '\u{fdd1}'),
    (ODD, '\u{fdd2}'),
    (HEAD, '\u{fdd3}'),
    (FAINT, '\u{fdd4}'),
];

/// Ends a style.
const PLAIN: char = '\u{fdd5}';

/// A text in a style.
pub(crate) fn styled(style: Style, text: impl fmt::Display) -> String {
    match STYLES.iter().find(|(known, _)| *known == style) {
        Some((_, begin)) => format!("{begin}{text}{PLAIN}"),
        None => text.to_string(),
    }
}

/// Styles as a terminal knows them; whatever else could steer it as JSON escapes it.
fn painted(text: &str) -> String {
    let mut painted = String::with_capacity(text.len());
    for c in text.chars() {
        let style = STYLES.iter().find(|(_, begin)| *begin == c);
        let _ = match (c, style) {
            (_, Some((style, _))) => write!(painted, "{style}"),
            (PLAIN, _) => write!(painted, "{}", anstyle::Reset),
            ('\n' | '\t', _) => painted.write_char(c),
            _ => push_harmless(&mut painted, c),
        };
    }
    painted
}

/// A character, escaped as in JSON where a terminal would obey it instead of showing it.
fn push_harmless(text: &mut String, c: char) -> fmt::Result {
    let turns_the_line =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if c.is_control() || turns_the_line {
        write!(text, "\\u{:04x}", u32::from(c))
    } else {
        text.write_char(c)
    }
}

/// What stands in the secret's place.
const MASK: &str = "***";

/// Replaces a secret wherever it stands in a text that is about to be shown.
#[derive(Default)]
pub(crate) struct Mask {
    /// The secret as it is, percent-encoded, and as JSON escapes it.
    forms: Vec<Zeroizing<String>>,
}

impl Mask {
    /// The platform's secrets have 32 characters. A word that somebody chose for a trial may stand
    /// anywhere (`test` in `testshop`), and masking it would tear other texts apart.
    const MIN_CHARS: usize = 8;

    pub(crate) fn of(secret: &str) -> Self {
        if secret.chars().count() < Self::MIN_CHARS {
            return Self::default();
        }
        let encoded = wdt_proto::query::encode([("", secret)]);
        let quoted = Value::from(secret).to_string();
        let mut forms = vec![
            Zeroizing::new(secret.to_owned()),
            Zeroizing::new(encoded.trim_start_matches('=').to_owned()),
            Zeroizing::new(quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()),
        ];
        forms.dedup();
        Self { forms }
    }

    pub(crate) fn holds(&self, text: &str) -> bool {
        self.forms.iter().any(|form| text.contains(form.as_str()))
    }

    pub(crate) fn apply(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for form in &self.forms {
            if text.contains(form.as_str()) {
                text = text.replace(form.as_str(), MASK);
            }
        }
        text
    }

    fn apply_to(&self, value: &mut Value) {
        match value {
            Value::String(text) if self.holds(text) => *text = self.apply(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.apply_to(item)),
            Value::Object(members) => members.values_mut().for_each(|item| self.apply_to(item)),
            _ => {}
        }
    }
}

/// The program's output. A closed pipe ends it in silence.
pub(crate) struct Output {
    pub(crate) json: bool,
    pub(crate) language: Language,
    mask: Mask,
    /// The first error of standard output.
    failed: Cell<Option<io::Error>>,
}

impl Output {
    pub(crate) fn new(json: bool, language: Language) -> Self {
        Self { json, language, mask: Mask::default(), failed: Cell::new(None) }
    }

    /// From now on no output shows this secret.
    pub(crate) fn hide(&mut self, secret: &str) {
        self.mask = Mask::of(secret);
    }

    pub(crate) fn mask(&self) -> &Mask {
        &self.mask
    }

    /// Text for people, on standard output.
    pub(crate) fn text(&self, text: &str) {
        self.print(&mut anstream::stdout().lock(), painted(&self.mask.apply(text)).as_bytes());
    }

    /// Help, which holds nothing of anybody else's, with its own colours: the answer, or instead of
    /// one.
    pub(crate) fn help(&self, text: &str, is_answer: bool) {
        let text = self.mask.apply(text);
        if is_answer {
            self.print(&mut anstream::stdout().lock(), text.as_bytes());
        } else {
            let _ = write(&mut anstream::stderr().lock(), text.as_bytes());
        }
    }

    /// Bytes that must arrive as they are: a reply of the platform's.
    pub(crate) fn exact(&self, bytes: &[u8]) {
        self.print(&mut io::stdout().lock(), bytes);
    }

    /// JSON for people, digit by digit; what could steer a terminal is escaped, which is the same
    /// JSON.
    pub(crate) fn document(&self, json: &str) {
        let mut text = String::with_capacity(json.len());
        for c in json.chars() {
            let _ = if c == '\n' { text.write_char(c) } else { push_harmless(&mut text, c) };
        }
        self.exact(text.as_bytes());
    }

    /// The result for programs, on standard output.
    pub(crate) fn json(&self, mut value: Value) {
        self.mask.apply_to(&mut value);
        self.exact(format!("{value:#}\n").as_bytes());
    }

    /// The same with parts that must stay as they are, digit by digit: nothing is masked here.
    pub(crate) fn exact_json(&self, value: &impl serde::Serialize) {
        // Texts and numbers only: this cannot fail.
        let mut text = serde_json::to_vec_pretty(value).unwrap_or_default();
        text.push(b'\n');
        self.exact(&text);
    }

    /// A remark beside the result, on standard error, where nobody is left to tell of its errors.
    pub(crate) fn remark(&self, text: &str) {
        let text = format!("{}\n", painted(&self.mask.apply(text)));
        let _ = write(&mut anstream::stderr().lock(), text.as_bytes());
    }

    /// A remark in the reader's language.
    pub(crate) fn say(&self, words: &Words) {
        self.remark(&said(words, self.language));
    }

    /// The failure that ends the command, and its exit code.
    pub(crate) fn failure(&self, failure: &Failure) -> Exit {
        if self.json {
            self.json(serde_json::json!({
                "ok": false,
                "error": {
                    "code": failure.code,
                    "message": failure.words.english,
                    "message_zh": failure.words.chinese,
                    "exit_code": failure.exit.number(),
                },
            }));
        } else {
            self.complain(&failure.words);
        }
        failure.exit
    }

    fn complain(&self, words: &Words) {
        let error = styled(BAD, either(self.language, "error: ", "错误："));
        self.remark(&format!("{error}{}", said(words, self.language)));
    }

    /// How the command ends: a result that could not be written is none.
    pub(crate) fn end(&self, exit: Exit) -> Exit {
        let Some(error) = self.failed.take() else { return exit };
        let name = words!("standard output", "标准输出");
        let failure = Failure::file(&name, &error);
        self.complain(&failure.words);
        failure.exit
    }

    fn print(&self, stream: &mut impl io::Write, bytes: &[u8]) {
        if let Err(error) = write(stream, bytes) {
            let first = self.failed.take();
            // Who closed the pipe has read enough.
            let is_closed = error.kind() == io::ErrorKind::BrokenPipe;
            self.failed.set(first.or((!is_closed).then_some(error)));
        }
    }
}

fn write(stream: &mut impl io::Write, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes)?;
    stream.flush()
}

/// The length in bytes with its unit, for people.
pub(crate) fn bytes(count: usize, language: Language) -> String {
    match (language, count) {
        (Language::Chinese, _) => format!("{count} 字节"),
        (_, 1) => "1 byte".to_owned(),
        _ => format!("{count} bytes"),
    }
}

/// The start of a long text, and how much was left out.
pub(crate) fn shortened(text: &str, max_chars: usize, language: Language) -> String {
    let Some((end, _)) = text.char_indices().nth(max_chars) else { return text.to_owned() };
    let (start, rest) = text.split_at(end);
    format!("{start}… (+{})", bytes(rest.len(), language))
}

/// A name of the program's own with the blanks that fill its column; Chinese is two columns wide.
pub(crate) fn padded(name: &str, columns: usize) -> String {
    let width = name.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    format!("{name}{}", " ".repeat(columns.saturating_sub(width)))
}

/// In single quotes, the only ones in which a shell changes nothing.
pub(crate) fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_anybody_elses_steers_the_terminal() {
        let hostile = "a\u{1b}[31mb\u{9b}2J\u{7f}\rc\u{202e}d\n";
        let text = painted(&format!("{} {hostile}", styled(BAD, "error:")));
        let own = format!("{BAD}error:{}", anstyle::Reset);
        assert_eq!(text, format!("{own} a\\u001b[31mb\\u009b2J\\u007f\\u000dc\\u202ed\n"));
    }

    #[test]
    fn a_long_text_says_how_much_is_left_out() {
        assert_eq!(shortened("库存同步", 2, Language::English), "库存… (+6 bytes)");
        assert_eq!(shortened("库存同步", 2, Language::Chinese), "库存… (+6 字节)");
        assert_eq!(bytes(1, Language::English), "1 byte");
    }
}
