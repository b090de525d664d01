//! The texts of causes, in both languages side by side: a figure in one stands in the other.

use core::fmt;

use super::cause::Cause;
use super::found::shown;
use super::time::Duration;
use crate::language::{Bilingual, Language, bilingual, say};

bilingual!(Cause);

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
            | Self::MissingOneOf { .. }
            | Self::EmptyListForObject
            | Self::NullForRequired
            | Self::UnknownField { .. }
            | Self::DuplicateField { .. }
            | Self::CameTwice
            | Self::TooManyItems { .. }
            | Self::Unwritable { .. } => self.write_shape(language, f),
            Self::WrongType { .. }
            | Self::OtherType { .. }
            | Self::NotWhole { .. }
            | Self::TooWide { .. }
            | Self::TooManyDigits { .. }
            | Self::IntegerDigits { .. }
            | Self::FractionDigits { .. } => self.write_number(language, f),
            Self::OutOfRange { .. } | Self::NotANumber { .. } => self.write_range(language, f),
            Self::TooManyCharacters { .. }
            | Self::NotADate { .. }
            | Self::OtherLayout { .. }
            | Self::NotDocumented { .. }
            | Self::UnsupportedCharacter
            | Self::HalfPair
            | Self::SpanReversed { .. }
            | Self::SpanTooLong { .. } => self.write_text(language, f),
            Self::UnknownMethod { .. }
            | Self::QimenOnly { .. }
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
                    "must be a JSON array of the method's positional arguments, in order, \
                     not {found}; `[]` where there are none",
                    "必须是 JSON 数组，按顺序放方法的各个参数，而不是{found}；没有参数时写 `[]`"
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
            Self::MissingOneOf { groups } => {
                say!(f, language, "is missing; give ", "没有给；请给出")?;
                write_groups(groups, language, f)
            }
            Self::EmptyListForObject => say!(
                f,
                language,
                "expected an object, found an empty list: PHP writes [] for an empty array; give \
                 new stdClass, which becomes {{}}",
                "应为对象，实际是空列表：PHP 把空数组写成 []；请用 new stdClass，它会写成 {{}}"
            ),
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
            Self::CameTwice => {
                say!(f, language, "comes twice; both are kept", "字段出现了两次，两个都保留")
            }
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

    /// Of types and digits.
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
            Self::TooManyDigits { number } => {
                let number = shown(number);
                say!(
                    f,
                    language,
                    "{number} has more digits than a decimal holds (28)",
                    "{number} 的位数超过 Decimal 能保存的 28 位"
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
            _ => Ok(()),
        }
    }

    /// Of numbers that are none, or out of range.
    fn write_range(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
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
            Self::OtherLayout { layout, text, written } => {
                let text = shown(text);
                say!(
                    f,
                    language,
                    "{text:?} can be read, but is not {layout}; write {written}",
                    "{text:?} 能看懂，但不是 {layout} 格式；请写成 {written}"
                )
            }
            Self::NotDocumented { found, known, more } => {
                let found = found.text(language);
                let more = if *more { ", …" } else { "" };
                say!(
                    f,
                    language,
                    "{found} is not among the documented values: {known}{more}",
                    "文档列出的取值里没有{found}：{known}{more}"
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
            Self::QimenOnly { method } => say!(
                f,
                language,
                "{method} answers over Qimen alone, not at this address",
                "{method} 只能通过奇门调用，这个地址不提供"
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

/// The groups of fields of which one is enough: `start_time and end_time, or trade_no`.
fn write_groups(groups: &str, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (i, group) in groups.split(',').enumerate() {
        if i > 0 {
            say!(f, language, ", or ", "，或 ")?;
        }
        for (j, name) in group.split('+').enumerate() {
            if j > 0 {
                say!(f, language, " and ", " 和 ")?;
            }
            f.write_str(name)?;
        }
    }
    Ok(())
}
