//! Where all output goes: text or JSON, colours only on a terminal, the secret masked.

use std::fmt::{self, Write as _};
use std::io;

use anstyle::{AnsiColor, Style};
use serde_json::Value;
pub(crate) use wdt_explain::visible;
use zeroize::Zeroizing;

use crate::failure::{Exit, Failure};

pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const ODD: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const HEAD: Style = Style::new().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();

/// A text in a style.
pub(crate) fn styled(style: Style, text: impl fmt::Display) -> String {
    format!("{style}{text}{style:#}")
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
    mask: Mask,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json, mask: Mask::default() }
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
        print(&mut anstream::stdout().lock(), self.mask.apply(text).as_bytes());
    }

    /// Bytes that must arrive as they are: a reply of the platform's.
    pub(crate) fn exact(bytes: &[u8]) {
        print(&mut io::stdout().lock(), bytes);
    }

    /// The result for programs, on standard output.
    pub(crate) fn json(&self, mut value: Value) {
        self.mask.apply_to(&mut value);
        print(&mut io::stdout().lock(), format!("{value:#}\n").as_bytes());
    }

    /// The same with parts that must stay as they are, digit by digit: nothing is masked here.
    pub(crate) fn exact_json(value: &impl serde::Serialize) {
        // Texts and numbers only: this cannot fail.
        let mut text = serde_json::to_vec_pretty(value).unwrap_or_default();
        text.push(b'\n');
        print(&mut io::stdout().lock(), &text);
    }

    /// A remark beside the result, on standard error.
    pub(crate) fn remark(&self, text: &str) {
        let text = format!("{}\n", self.mask.apply(text));
        print(&mut anstream::stderr().lock(), text.as_bytes());
    }

    /// The failure that ends the command, and its exit code.
    pub(crate) fn failure(&self, failure: &Failure) -> Exit {
        if self.json {
            self.json(serde_json::json!({
                "ok": false,
                "error": {
                    "code": failure.code,
                    "message": failure.message,
                    "exit_code": failure.exit.number(),
                },
            }));
        } else {
            let mut text = styled(BAD, "error:");
            let _ = write!(text, " {failure}");
            self.remark(&text);
        }
        failure.exit
    }
}

/// Who closed the pipe has read enough; there is nobody to tell about any other error.
fn print(stream: &mut impl io::Write, bytes: &[u8]) {
    if stream.write_all(bytes).is_ok() {
        let _ = stream.flush();
    }
}

/// The length in bytes with its unit, for people.
pub(crate) fn bytes(count: usize) -> String {
    if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") }
}

/// The start of a long text, and how much was left out.
pub(crate) fn shortened(text: &str, max_chars: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(max_chars) else { return text.to_owned() };
    let (start, rest) = text.split_at(end);
    format!("{start}… (+{})", bytes(rest.len()))
}
