//! The codes of mistakes: stable, each spelt once, with a title in both languages.

use std::fmt;

use wdt_proto::Language;

/// How a mistake is known.
///
/// ```
/// assert_eq!(wdt_explain::Basis::Recomputed.as_str(), "recomputed");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Basis {
    /// With the mistake made on purpose, the signature received comes out exactly.
    Recomputed,
    /// It is there to see in the query, the body or the signature.
    Seen,
    /// By the clock, or by the time at which the request is said to have been sent.
    Clock,
}

impl Basis {
    /// The word that programs read.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recomputed => "recomputed",
            Self::Seen => "seen",
            Self::Clock => "clock",
        }
    }

    /// How it is known, for people.
    #[must_use]
    pub const fn text(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Recomputed, Language::Chinese) => "已证实：按这个错误重算，恰好得到收到的 sign",
            (Self::Seen, Language::Chinese) => "请求里直接可见",
            (Self::Clock, Language::Chinese) => "按时钟判断",
            (Self::Recomputed, _) => {
                "proved: computed this way, the sign received comes out exactly"
            }
            (Self::Seen, _) => "seen in the request",
            (Self::Clock, _) => "by the clock",
        }
    }
}

macro_rules! codes {
    ($($name:ident = $code:literal, $english:literal, $chinese:literal;)+) => {
        /// What kind of mistake was made. The words are stable, titles are for people.
        ///
        /// ```
        /// use wdt_explain::MistakeCode;
        /// use wdt_proto::Language;
        ///
        /// let code = MistakeCode::SecretWithSalt;
        /// assert_eq!(code.to_string(), "secret_with_salt");
        /// assert_eq!(code.title(Language::Chinese), "密钥带上了盐值");
        /// assert!(MistakeCode::ALL.contains(&code));
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum MistakeCode {
            $(#[doc = $english] $name,)+
        }

        impl MistakeCode {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word that programs read: `secret_with_salt`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// A few words for people.
            #[must_use]
            pub const fn title(self, language: Language) -> &'static str {
                match language {
                    Language::Chinese => match self {
                        $(Self::$name => $chinese,)+
                    },
                    _ => match self {
                        $(Self::$name => $english,)+
                    },
                }
            }
        }
    };
}

codes! {
    MalformedQuery = "malformed_query", "Malformed query", "URL 参数格式不对";
    DuplicateParameter = "duplicate_parameter", "Duplicate parameter", "参数重复";
    MissingParameter = "missing_parameter", "Missing parameter", "缺少参数";
    SaltMissing = "salt_missing", "Salt missing in the query", "URL 缺少 salt";
    SignMissing = "sign_missing", "Signature missing in the query", "URL 缺少 sign";
    BodyInQuery = "body_in_query", "Body in the query", "body 放进了 URL";
    OtherCredentials = "other_credentials", "Other credentials", "凭据不是同一套";
    SaltDiffers = "salt_differs", "Wrong salt", "salt 不对";
    SecretLeaked = "secret_leaked", "Secret sent in the query", "密钥泄露在 URL 里";
    WrongVersion = "wrong_version", "Wrong version", "版本不对";
    Paging = "paging", "Wrong paging parameters", "分页参数不对";
    PagingMissing = "paging_missing", "Paging parameters missing", "缺少分页参数";
    MalformedTimestamp = "malformed_timestamp", "Malformed timestamp", "timestamp 格式不对";
    Milliseconds = "milliseconds", "Timestamp in milliseconds", "timestamp 用了毫秒";
    UnixTime = "unix_time", "Raw Unix time", "timestamp 没有减起点";
    UtcEpoch = "utc_epoch", "Epoch in UTC", "timestamp 起点算成了 UTC";
    TimeZone = "time_zone", "Wrong time zone", "时区算错";
    StaleTimestamp = "stale_timestamp", "Clock is off", "时钟不准";
    SignForm = "sign_form", "Not an MD5", "sign 不是 MD5";
    UpperCase = "upper_case", "Upper-case signature", "sign 用了大写";
    ShortMd5 = "short_md5", "16 characters of an MD5", "sign 用了 16 位 MD5";
    BodyNotSigned = "body_not_signed", "Body not signed", "请求体没有参与签名";
    BodyReserialised = "body_reserialised", "Body changed after signing", "请求体签名后被改动";
    BodyReplaced = "body_replaced", "Another body signed", "签名的是另一个请求体";
    BodyNotSorted = "body_not_sorted", "Body not sorted", "body 没有参与排序";
    BodyKeyMissing = "body_key_missing", "Key `body` not signed", "签名串缺少键名 body";
    ArgumentsObject = "arguments_object", "Arguments as an object", "业务参数写成了对象";
    Arguments = "arguments", "Wrong arguments", "业务参数有错";
    SecretWithSalt = "secret_with_salt", "Secret with the salt", "密钥带上了盐值";
    SecretOneEnd = "secret_one_end", "Secret at one end only", "密钥只加在一端";
    SecretMissing = "secret_missing", "No secret", "签名串没有密钥";
    SecretIsSalt = "secret_is_salt", "Salt in the secret's place", "把 salt 当成了密钥";
    SecretIsKey = "secret_is_key", "Appkey in the secret's place", "把 appkey 当成了密钥";
    SecretSplitWrong = "secret_split_wrong", "App secret split wrongly", "appsecret 拆错了";
    SecretWhitespace = "secret_whitespace", "Blank on the secret", "密钥混进了空白";
    SecretCase = "secret_case", "Letter case of the secret", "密钥大小写被改动";
    SecretSignedAsParameter = "secret_signed_as_parameter", "Secret signed as a parameter", "密钥被当作参数签名";
    SignSigned = "sign_signed", "Signature signed itself", "sign 自己参与了签名";
    ParameterNotSigned = "parameter_not_signed", "Parameter not signed", "参数没有参与签名";
    ParameterNotSent = "parameter_not_sent", "Parameter not sent", "参数签了没有发";
    ParameterDiffers = "parameter_differs", "Parameter changed after signing", "参数签名后被改动";
    PlusNotEncoded = "plus_not_encoded", "'+' not encoded", "+ 没有编码";
    QueryEncodedTwice = "query_encoded_twice", "Query encoded twice", "URL 参数编码了两次";
    UrlEncoded = "url_encoded", "URL-encoded before signing", "签名前做了 URL 编码";
    Charset = "charset", "Wrong character set", "字符编码不对";
    BlanksRemoved = "blanks_removed", "Blanks removed before signing", "签名前去掉了空白";
    NotSorted = "not_sorted", "Not sorted by key", "没有按键名排序";
    Separators = "separators", "Separators in the string", "签名串多了分隔符";
    KeysNotSigned = "keys_not_signed", "Keys not signed", "没有拼键名";
    EnterpriseAlgorithm = "enterprise_algorithm", "Algorithm of the enterprise edition", "用了企业版的算法";
}

impl fmt::Display for MistakeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_spelt_once_and_has_a_title_in_both_languages() {
        let mut words: Vec<&str> = MistakeCode::ALL.iter().map(|code| code.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), MistakeCode::ALL.len());
        for code in MistakeCode::ALL {
            let [english, chinese] =
                [Language::English, Language::Chinese].map(|language| code.title(language));
            assert!(english.is_ascii() && !chinese.is_ascii(), "{code}");
        }
    }
}
