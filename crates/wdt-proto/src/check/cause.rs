//! Why an issue is one: a typed cause with its figures. Texts are made of it last, when somebody
//! reads them.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use rust_decimal::Decimal;

use super::issue::IssueCode;
use super::time::Duration;
use crate::json::{Event, Reader, SyntaxError};
use crate::language::{Bilingual, Language, bilingual, say};

/// What is wrong with a request, with the figures that say how.
///
/// More causes may come; match on [`Issue::code`](crate::Issue::code) where the figures do not
/// matter.
///
/// ```
/// use wdt_proto::{Cause, Found, IssueCode, Level, validate};
///
/// let report = validate("sales.StockSync.cancelSync", b"[178238,2147483648]", Level::Documented);
/// let cause = report.issues()[0].cause();
/// assert_eq!(cause, &Cause::TooWide { number: "2147483648".into(), bits: 32 });
/// assert_eq!(cause.code(), IssueCode::OutOfRange);
/// assert_eq!(cause.to_string(), "2147483648 does not fit a 32-bit integer");
/// assert_eq!(cause.zh().to_string(), "2147483648 超出 32 位整数的范围");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The text is not JSON, or nested past the limit.
    NotJson(SyntaxError),
    /// The body is JSON of another type than an array.
    NotAnArray {
        /// What it is.
        found: Found,
    },
    /// The body has more bytes than the limit.
    TooManyBytes {
        /// How many; `None` where writing it stopped at the limit.
        bytes: Option<usize>,
        /// The limit.
        max: usize,
    },
    /// A binding's value nests deeper than the limit, or holds itself.
    TooDeep {
        /// The limit.
        max: usize,
    },
    /// More arguments than the method has.
    TooManyArguments {
        /// How many were given.
        found: usize,
        /// How many the method has.
        allowed: usize,
        /// Their names, with commas between.
        names: String,
    },
    /// A required argument is absent.
    MissingArgument {
        /// Its name.
        name: String,
    },
    /// A required field is absent.
    MissingField,
    /// `null` stands where a value is required.
    NullForRequired,
    /// A value of a type that cannot be sent in its place.
    WrongType {
        /// What the place takes.
        expected: Expected,
        /// What was given.
        found: Found,
    },
    /// A value of another type than documented, which the platform is known to take.
    OtherType {
        /// What the page documents.
        expected: Expected,
        /// What was given.
        found: Found,
        /// Whether the platform's being known to take it is no excuse:
        /// [`Level::Strict`](crate::Level::Strict).
        strict: bool,
    },
    /// A number with a fraction in the place of a whole one.
    NotWhole {
        /// The number as given.
        number: String,
    },
    /// A whole number that its place has not the bits for.
    TooWide {
        /// The number as given.
        number: String,
        /// The bits of its place, the sign's included.
        bits: u32,
    },
    /// A decimal with more digits before the point than fit.
    IntegerDigits {
        /// How many there are.
        digits: i64,
        /// Digits in all of the field.
        precision: u8,
        /// Fractional digits of the field.
        scale: u8,
    },
    /// A decimal with more digits behind the point than fit.
    FractionDigits {
        /// How many there are that count.
        digits: i64,
        /// Digits in all of the field.
        precision: u8,
        /// Fractional digits of the field.
        scale: u8,
    },
    /// A number outside the documented range.
    OutOfRange {
        /// The number.
        value: Decimal,
        /// The smallest that is allowed.
        min: Option<i64>,
        /// The largest that is allowed.
        max: Option<i64>,
    },
    /// A text with more characters than fit.
    TooManyCharacters {
        /// How many Unicode scalar values it has.
        characters: usize,
        /// How many fit.
        max: usize,
    },
    /// A text that is no date-time in the layout that its place asks for.
    NotADate {
        /// The layout: `yyyy-MM-dd HH:mm:ss`.
        layout: &'static str,
        /// The text, its first [`Found::KEPT`] characters.
        text: String,
        /// Whether it is empty where examples show an empty text to be taken.
        tolerated: bool,
    },
    /// A value that is not among the documented ones.
    NotDocumented {
        /// What was given.
        found: Found,
        /// The first documented values with their labels.
        known: String,
        /// Whether there are more.
        more: bool,
    },
    /// A field that nobody documents.
    UnknownField {
        /// The documented name that it resembles, and that field's label.
        similar: Option<(String, String)>,
    },
    /// The same field twice in one object.
    DuplicateField {
        /// Whether the catalogue documents the field.
        documented: bool,
    },
    /// A text that holds a character which the platform's database refuses: outside the Basic
    /// Multilingual Plane, or half of a surrogate pair.
    UnsupportedCharacter,
    /// A text of a binding's language that is no Unicode: half of a surrogate pair.
    HalfPair,
    /// A span of time that ends before it begins.
    SpanReversed {
        /// The field that begins it.
        start: String,
    },
    /// A span of time that is longer than the method allows.
    SpanTooLong {
        /// The field that begins it.
        start: String,
        /// How long it is, in seconds.
        seconds: i64,
        /// How long it may be, in seconds.
        max_seconds: i64,
    },
    /// More rows or values than one call may carry.
    TooManyItems {
        /// How many there are.
        found: usize,
        /// How many are allowed.
        max: u32,
    },
    /// A method that the catalogue does not know.
    UnknownMethod {
        /// Its name.
        name: String,
        /// The known method that it resembles.
        similar: Option<String>,
    },
    /// The method's name is empty.
    NoMethod,
    /// The method's name holds a control character.
    ControlCharacter {
        /// The character's code point.
        code: u32,
    },
    /// A parameter of the query outside the numbers that it can carry.
    ParameterRange {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
    },
    /// A paged method is called without a pager.
    NoPager {
        /// The method.
        method: String,
    },
    /// A pager for a method that is not documented as paged.
    NotPaged {
        /// The method.
        method: String,
    },
    /// A page of more rows than documented.
    PageTooLarge {
        /// How many rows were asked for.
        rows: i32,
        /// How many are documented.
        max: u32,
    },
    /// A number that JSON does not have: NaN, an infinity.
    NotANumber {
        /// The number as its language writes it; empty where it is not known.
        number: String,
    },
    /// A value that cannot be written as JSON.
    Unwritable {
        /// Why, or the type's name.
        what: String,
        /// The types that the caller's language may give instead; empty where none are named.
        accepted: &'static str,
    },
    /// What a layer above states: its two texts, and the code that they stand for.
    Stated {
        /// The code.
        code: IssueCode,
        /// The text in English.
        english: Cow<'static, str>,
        /// The text in Chinese.
        chinese: Cow<'static, str>,
    },
}

impl Cause {
    /// A cause whose texts are not made of figures: for layers above the check.
    #[must_use]
    pub fn stated(
        code: IssueCode,
        english: impl Into<Cow<'static, str>>,
        chinese: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::Stated { code, english: english.into(), chinese: chinese.into() }
    }

    /// The kind of issue that it makes.
    #[must_use]
    pub const fn code(&self) -> IssueCode {
        match self {
            Self::NotJson(_) | Self::TooDeep { .. } => IssueCode::NotJson,
            Self::NotAnArray { .. } => IssueCode::NotAnArray,
            Self::TooManyBytes { .. } | Self::TooManyCharacters { .. } => IssueCode::TooLong,
            Self::TooManyArguments { .. } => IssueCode::ArgumentCount,
            Self::MissingArgument { .. }
            | Self::MissingField
            | Self::NoMethod
            | Self::NoPager { .. } => IssueCode::Missing,
            Self::NullForRequired => IssueCode::Null,
            Self::WrongType { .. }
            | Self::NotWhole { .. }
            | Self::NotANumber { .. }
            | Self::Unwritable { .. } => IssueCode::Type,
            Self::OtherType { .. } | Self::NotADate { tolerated: true, .. } => {
                IssueCode::CoercibleType
            }
            Self::TooWide { .. }
            | Self::IntegerDigits { .. }
            | Self::OutOfRange { .. }
            | Self::ParameterRange { .. }
            | Self::PageTooLarge { .. } => IssueCode::OutOfRange,
            Self::FractionDigits { .. } => IssueCode::Scale,
            Self::NotADate { .. } => IssueCode::Format,
            Self::NotDocumented { .. } => IssueCode::Enum,
            Self::UnknownField { .. } | Self::NotPaged { .. } => IssueCode::UnknownField,
            Self::DuplicateField { .. } => IssueCode::DuplicateField,
            Self::UnsupportedCharacter | Self::HalfPair | Self::ControlCharacter { .. } => {
                IssueCode::UnsupportedCharacter
            }
            Self::SpanReversed { .. } | Self::SpanTooLong { .. } => IssueCode::Span,
            Self::TooManyItems { .. } => IssueCode::Batch,
            Self::UnknownMethod { .. } => IssueCode::UnknownMethod,
            Self::Stated { code, .. } => *code,
        }
    }
}

bilingual!(Cause, Expected, Found);

impl Bilingual for Cause {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(error) => error.write(language, f),
            Self::NotAnArray { .. }
            | Self::TooManyBytes { .. }
            | Self::TooDeep { .. }
            | Self::TooManyArguments { .. }
            | Self::MissingArgument { .. }
            | Self::MissingField
            | Self::NullForRequired
            | Self::UnknownField { .. }
            | Self::DuplicateField { .. }
            | Self::TooManyItems { .. }
            | Self::Unwritable { .. } => self.write_shape(language, f),
            Self::WrongType { .. }
            | Self::OtherType { .. }
            | Self::NotWhole { .. }
            | Self::TooWide { .. }
            | Self::IntegerDigits { .. }
            | Self::FractionDigits { .. }
            | Self::OutOfRange { .. }
            | Self::NotANumber { .. } => self.write_number(language, f),
            Self::TooManyCharacters { .. }
            | Self::NotADate { .. }
            | Self::NotDocumented { .. }
            | Self::UnsupportedCharacter
            | Self::HalfPair
            | Self::SpanReversed { .. }
            | Self::SpanTooLong { .. } => self.write_text(language, f),
            Self::UnknownMethod { .. }
            | Self::NoMethod
            | Self::ControlCharacter { .. }
            | Self::ParameterRange { .. }
            | Self::NoPager { .. }
            | Self::NotPaged { .. }
            | Self::PageTooLarge { .. } => self.write_parameter(language, f),
            Self::Stated { english, chinese, .. } => f.write_str(match language {
                Language::Chinese => chinese,
                Language::English => english,
            }),
        }
    }
}

/// The texts, by what they are about: one match of them all would be hundreds of lines.
impl Cause {
    /// Of arguments, objects and lists.
    fn write_shape(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnArray { found } => {
                let found = found.text(language);
                say!(
                    f,
                    language,
                    "the body must be a JSON array of the method's positional arguments, in order, \
                     not {found}; `[]` where there are none",
                    "请求体必须是 JSON 数组，按顺序放方法的各个参数，而不是{found}；没有参数时写 `[]`"
                )
            }
            Self::TooManyBytes { bytes: Some(bytes), max } => {
                say!(f, language, "{bytes} bytes, the limit is {max}", "{bytes} 字节，上限是 {max}")
            }
            Self::TooManyBytes { bytes: None, max } => {
                say!(f, language, "more than {max} bytes, the limit", "超过上限 {max} 字节")
            }
            Self::TooDeep { max } => say!(
                f,
                language,
                "nested deeper than {max}, or holding itself",
                "嵌套超过 {max} 层，或者包含了自己"
            ),
            Self::TooManyArguments { found, allowed, names } => say!(
                f,
                language,
                "{found} arguments, the method has {allowed} ({names})",
                "给了 {found} 个参数，该方法只有 {allowed} 个（{names}）"
            ),
            Self::MissingArgument { name } => say!(
                f,
                language,
                "the argument {name} is missing, but required",
                "缺少必填参数 {name}"
            ),
            Self::MissingField => say!(f, language, "is missing, but required", "必填，但没有给"),
            Self::NullForRequired => {
                say!(f, language, "null, but the field is required", "必填，不能是 null")
            }
            Self::UnknownField { similar: None } => {
                say!(f, language, "is not documented", "文档里没有这个字段")
            }
            Self::UnknownField { similar: Some((name, label)) } => say!(
                f,
                language,
                "is not documented; did you mean {name} ({label})?",
                "文档里没有这个字段，是不是 {name}（{label}）？"
            ),
            Self::DuplicateField { documented: true } => say!(
                f,
                language,
                "duplicate field; which one the platform would take is not known",
                "字段重复，平台会取哪一个无从得知"
            ),
            Self::DuplicateField { .. } => say!(f, language, "duplicate field", "字段重复"),
            Self::TooManyItems { found, max } => say!(
                f,
                language,
                "{found} in one call, at most {max} are allowed",
                "一次调用给了 {found} 条，最多允许 {max} 条"
            ),
            Self::Unwritable { what, accepted: "" } => say!(
                f,
                language,
                "the arguments cannot be written as JSON: {what}",
                "参数无法写成 JSON：{what}"
            ),
            Self::Unwritable { what, accepted } => say!(
                f,
                language,
                "{what} cannot be written as JSON; use {accepted}",
                "{what} 无法写成 JSON，可用的类型：{accepted}"
            ),
            _ => Ok(()),
        }
    }

    /// Of types, digits and ranges.
    fn write_number(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongType { expected, found } | Self::OtherType { expected, found, .. } => {
                let (expected, found) = (expected.text(language), found.text(language));
                say!(
                    f,
                    language,
                    "expected {expected}, found {found}",
                    "应为{expected}，实际是{found}"
                )?;
                if matches!(self, Self::OtherType { strict: false, .. }) {
                    say!(f, language, "; the platform is known to take it", "；已知平台也接受")?;
                }
                Ok(())
            }
            Self::NotWhole { number } => {
                let number = shown(number);
                say!(
                    f,
                    language,
                    "expected a whole number, found {number}",
                    "应为整数，实际是 {number}"
                )
            }
            Self::TooWide { number, bits } => {
                let number = shown(number);
                say!(
                    f,
                    language,
                    "{number} does not fit a {bits}-bit integer",
                    "{number} 超出 {bits} 位整数的范围"
                )
            }
            Self::IntegerDigits { digits, precision, scale } => {
                let max = precision - scale;
                say!(
                    f,
                    language,
                    "{digits} integer digits, at most {max} fit Decimal({precision},{scale})",
                    "整数部分有 {digits} 位，Decimal({precision},{scale}) 最多 {max} 位"
                )
            }
            Self::FractionDigits { digits, precision, scale } => {
                say!(
                    f,
                    language,
                    "{digits} fractional digits, at most {scale} fit Decimal({precision},{scale})",
                    "小数部分有 {digits} 位，Decimal({precision},{scale}) 最多 {scale} 位"
                )?;
                // So many digits are the mark of binary floating point.
                if *digits >= 15 {
                    say!(
                        f,
                        language,
                        "; it looks like a binary float: give a Decimal instead",
                        "；看起来是二进制浮点数，请改用 Decimal"
                    )?;
                }
                Ok(())
            }
            Self::OutOfRange { value, min: Some(min), max: Some(max) } => say!(
                f,
                language,
                "{value} is out of range, {min} to {max} is allowed",
                "{value} 超出范围，允许 {min} 到 {max}"
            ),
            Self::OutOfRange { value, min: Some(min), .. } => say!(
                f,
                language,
                "{value} is out of range, at least {min} is allowed",
                "{value} 超出范围，最小允许 {min}"
            ),
            Self::OutOfRange { value, max, .. } => {
                let max = max.unwrap_or_default();
                say!(
                    f,
                    language,
                    "{value} is out of range, at most {max} is allowed",
                    "{value} 超出范围，最大允许 {max}"
                )
            }
            Self::NotANumber { number } if number.is_empty() => say!(
                f,
                language,
                "NaN and infinities are not JSON numbers; leave the field out or send a number",
                "NaN 和无穷大不是 JSON 数字；请去掉该字段，或给一个数字"
            ),
            Self::NotANumber { number } => say!(
                f,
                language,
                "{number} is not a JSON number; leave the field out or send a number",
                "{number} 不是 JSON 数字；请去掉该字段，或给一个数字"
            ),
            _ => Ok(()),
        }
    }

    /// Of texts, codes and times.
    fn write_text(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyCharacters { characters, max } => say!(
                f,
                language,
                "{characters} characters, at most {max} fit",
                "有 {characters} 个字符，最多 {max} 个"
            ),
            Self::NotADate { layout, text, .. } => {
                let text = shown(text);
                say!(
                    f,
                    language,
                    "expected {layout}, found {text:?}",
                    "应为 {layout} 格式，实际是 {text:?}"
                )
            }
            Self::NotDocumented { found, known, more } => {
                let found = found.text(language);
                let more = if *more { ", …" } else { "" };
                say!(
                    f,
                    language,
                    "{found} is not among the documented values: {known}{more}",
                    "{found}不在文档列出的取值里：{known}{more}"
                )
            }
            Self::UnsupportedCharacter => say!(
                f,
                language,
                "holds a character outside the Basic Multilingual Plane (an emoji, say) or half of a \
                 surrogate pair: the platform's database refuses it",
                "含有平台数据库不接受的字符：基本多文种平面之外的字符（如表情符号）或半个代理对"
            ),
            Self::HalfPair => say!(
                f,
                language,
                "half of a surrogate pair, which UTF-8 cannot carry",
                "含有半个代理对，UTF-8 无法表示"
            ),
            Self::SpanReversed { start } => {
                say!(f, language, "lies before {start}", "早于 {start}")
            }
            Self::SpanTooLong { start, seconds, max_seconds } => {
                let (length, max) = (Duration(*seconds), Duration(*max_seconds));
                let (length, max) = (length.in_language(language), max.in_language(language));
                say!(
                    f,
                    language,
                    "{length} after {start}, at most {max} are allowed",
                    "比 {start} 晚 {length}，最多允许 {max}"
                )
            }
            _ => Ok(()),
        }
    }

    /// Of the method's name and the query.
    fn write_parameter(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownMethod { name, similar: Some(similar) } => say!(
                f,
                language,
                "the catalogue does not know {name:?}; did you mean {similar}?",
                "接口目录里没有 {name:?}，是不是 {similar}？"
            ),
            Self::UnknownMethod { name, similar: None } => say!(
                f,
                language,
                "the catalogue does not know {name:?}; its arguments are unchecked",
                "接口目录里没有 {name:?}，它的参数没有检查"
            ),
            Self::NoMethod => say!(
                f,
                language,
                "the method's name is empty; give it as documented, `sales.StockSync.syncFail`",
                "方法名是空的；请按文档填写，如 `sales.StockSync.syncFail`"
            ),
            Self::ControlCharacter { code } => say!(
                f,
                language,
                "control character U+{code:04X} in the method's name",
                "方法名里有控制字符 U+{code:04X}"
            ),
            Self::ParameterRange { min, max } => {
                say!(f, language, "must be from {min} to {max}", "必须在 {min} 到 {max} 之间")
            }
            Self::NoPager { method } => say!(
                f,
                language,
                "is missing; {method} is paged and wants page_size, page_no and calc_total",
                "没有给；{method} 是分页接口，需要 page_size、page_no 和 calc_total"
            ),
            Self::NotPaged { method } => say!(
                f,
                language,
                "{method} is not documented as paged",
                "文档里 {method} 不是分页接口"
            ),
            Self::PageTooLarge { rows, max } => say!(
                f,
                language,
                "{rows} rows, at most {max} are documented",
                "每页 {rows} 行，文档里最多 {max} 行"
            ),
            _ => Ok(()),
        }
    }
}

/// What a place takes.
///
/// ```
/// use wdt_proto::Expected;
///
/// assert_eq!(Expected::Boolean.to_string(), "true or false");
/// assert_eq!(Expected::Boolean.zh().to_string(), "布尔值（true 或 false）");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Expected {
    /// A string.
    String,
    /// A whole number.
    Integer,
    /// A whole number, written without a point or an exponent.
    PlainInteger,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list.
    List,
    /// An object.
    Object,
}

impl Bilingual for Expected {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => say!(f, language, "a string", "字符串"),
            Self::Integer => say!(f, language, "a whole number", "整数"),
            Self::PlainInteger => say!(
                f,
                language,
                "a whole number without point or exponent",
                "不带小数点和指数的整数"
            ),
            Self::Number => say!(f, language, "a number", "数字"),
            Self::Boolean => say!(f, language, "true or false", "布尔值（true 或 false）"),
            Self::List => say!(f, language, "a list", "列表"),
            Self::Object => say!(f, language, "an object", "对象"),
        }
    }
}

/// What was given in a place.
///
/// ```
/// use wdt_proto::Found;
///
/// assert_eq!(Found::Number("1.5".into()).to_string(), "the number 1.5");
/// assert_eq!(Found::Text("abc".into()).zh().to_string(), "文本 \"abc\"");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Found {
    /// An object.
    Object,
    /// A list.
    List,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number: its text, at most [`Found::KEPT`] characters of it.
    Number(String),
    /// A string: at most [`Found::KEPT`] characters of it.
    Text(String),
}

impl Found {
    /// How many characters of a value are kept in a cause; its text shows the first 40.
    pub const KEPT: usize = 100;

    /// What a reader has come to.
    pub(crate) fn of(reader: &Reader<'_>, event: Event) -> Self {
        match event {
            Event::BeginObject => Self::Object,
            Event::BeginArray => Self::List,
            Event::Number => Self::Number(Self::kept(reader.token())),
            Event::String => Self::Text(Self::kept(&reader.text().decode_lossy())),
            Event::Bool(flag) => Self::Boolean(flag),
            _ => Self::Null,
        }
    }

    /// As much of a value as is kept.
    pub(crate) fn kept(text: &str) -> String {
        match text.char_indices().nth(Self::KEPT) {
            Some((at, _)) => text.get(..at).unwrap_or_default().into(),
            None => text.into(),
        }
    }
}

impl Bilingual for Found {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object => say!(f, language, "an object", "对象"),
            Self::List => say!(f, language, "a list", "列表"),
            Self::Null => say!(f, language, "null", "空值 null"),
            Self::Boolean(flag) => say!(f, language, "{flag}", "布尔值 {flag}"),
            Self::Number(number) => {
                let number = shown(number);
                say!(f, language, "the number {number}", "数字 {number}")
            }
            Self::Text(text) => {
                let text = shown(text);
                say!(f, language, "the text {text:?}", "文本 {text:?}")
            }
        }
    }
}

/// The beginning of a text that may be long.
fn shown(text: &str) -> Cow<'_, str> {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => Cow::Owned(alloc::format!("{}…", text.get(..at).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}
