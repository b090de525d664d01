//! The ways to write JSON that are tried: one by one, all of them, and those of common libraries.

use wdt_proto::Language;

use crate::json_tree::{Escapes, Numbers, Order, Spacing, Style};

pub(crate) const SPACINGS: [Spacing; 7] = [
    Spacing::Compact,
    Spacing::Wide,
    Spacing::AfterColon,
    Spacing::Indent(2),
    Spacing::Indent(4),
    Spacing::Tabs,
    Spacing::Jackson,
];
pub(crate) const ORDERS: [Order; 3] = [Order::AsIs, Order::Sorted, Order::Documented];
pub(crate) const ESCAPES: [Escapes; 8] = [
    Escapes::AsIs,
    Escapes::Least,
    Escapes::Ascii,
    Escapes::AsciiUpper,
    Escapes::Php,
    Escapes::Slashes,
    Escapes::Html,
    Escapes::DotNet,
];
pub(crate) const NUMBERS: [Numbers; 7] = [
    Numbers::AsIs,
    Numbers::Shortest,
    Numbers::Python,
    Numbers::Java,
    Numbers::FourDigits,
    Numbers::Fixed,
    Numbers::Floats,
];
pub(crate) const TAILS: [&str; 3] = ["", "\n", "\r\n"];
/// A library's way to write JSON when it is asked nothing.
pub(crate) struct Library {
    english: &'static str,
    chinese: &'static str,
    style: Style,
}

impl Library {
    const fn new(
        (english, chinese): (&'static str, &'static str),
        spacing: Spacing,
        escapes: Escapes,
        order: Order,
        numbers: Numbers,
    ) -> Self {
        Self { english, chinese, style: Style { spacing, order, escapes, numbers } }
    }

    pub(crate) fn name(&self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.chinese,
            _ => self.english,
        }
    }

    /// Its style, first with the numbers kept, as those who know do it.
    pub(crate) fn styles(&self) -> [Style; 2] {
        [Style { numbers: Numbers::AsIs, ..self.style }, self.style]
    }

    /// Whether it is to be told from others: what is compact and unchanged is nobody's.
    pub(crate) fn is_telling(&self) -> bool {
        self.style.spacing != Spacing::Compact || self.style.escapes != Escapes::Least
    }
}

/// The usual libraries.
pub(crate) const LIBRARIES: [Library; 9] = {
    use Escapes as E;
    use Numbers as N;
    use Order as O;
    use Spacing as S;
    const UNSORTED: (&str, &str) = ("Python's json.dumps", "Python 的 json.dumps");
    const NO_ASCII: (&str, &str) =
        ("Python's json.dumps(ensure_ascii=False)", "Python 的 json.dumps(ensure_ascii=False)");
    const SORTED: (&str, &str) =
        ("Python's json.dumps(sort_keys=True)", "Python 的 json.dumps(sort_keys=True)");
    const JAVASCRIPT: (&str, &str) =
        ("JavaScript's JSON.stringify", "JavaScript 的 JSON.stringify");
    const PHP: (&str, &str) = ("PHP's json_encode", "PHP 的 json_encode");
    const PHP_UNICODE: (&str, &str) =
        ("PHP's json_encode(JSON_UNESCAPED_UNICODE)", "PHP 的 json_encode(JSON_UNESCAPED_UNICODE)");
    const GO: (&str, &str) = ("Go's json.Marshal of a map", "Go 的 json.Marshal(map)");
    const DOTNET: (&str, &str) = (".NET's System.Text.Json", ".NET 的 System.Text.Json");
    const JAVA: (&str, &str) = ("a Java library with doubles", "用 double 的 Java 库");
    [
        Library::new(UNSORTED, S::Wide, E::Ascii, O::AsIs, N::Python),
        Library::new(NO_ASCII, S::Wide, E::Least, O::AsIs, N::Python),
        Library::new(SORTED, S::Wide, E::Ascii, O::Sorted, N::Python),
        Library::new(JAVASCRIPT, S::Compact, E::Least, O::AsIs, N::Shortest),
        Library::new(PHP, S::Compact, E::Php, O::AsIs, N::Shortest),
        Library::new(PHP_UNICODE, S::Compact, E::Slashes, O::AsIs, N::Shortest),
        Library::new(GO, S::Compact, E::Html, O::Sorted, N::Shortest),
        Library::new(DOTNET, S::Compact, E::DotNet, O::AsIs, N::AsIs),
        Library::new(JAVA, S::Compact, E::Least, O::AsIs, N::Java),
    ]
};

/// Every way there is.
pub(crate) fn all() -> impl Iterator<Item = Style> {
    SPACINGS.into_iter().flat_map(|spacing| {
        ORDERS.into_iter().flat_map(move |order| {
            ESCAPES.into_iter().flat_map(move |escapes| {
                NUMBERS.map(|numbers| Style { spacing, order, escapes, numbers })
            })
        })
    })
}
