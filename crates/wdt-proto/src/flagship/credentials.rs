//! Who is calling: sid, app key and app secret.

use alloc::string::String;
use core::fmt;

use zeroize::Zeroizing;

use super::query;
use crate::language::{Bilingual, Language, bilingual, say};

/// Why credentials were refused. The texts name the part and never hold a secret.
///
/// ```
/// use wdt_proto::{Credentials, CredentialsError};
///
/// let error = Credentials::new("wdtapi3", "appkey", "testsecret").unwrap_err();
/// assert_eq!(error, CredentialsError::MissingColon);
/// assert!(!error.to_string().contains("testsecret"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialsError {
    /// A part is empty.
    Empty {
        /// Which part.
        field: CredentialsField,
    },
    /// The app secret has no colon between secret and salt.
    MissingColon,
    /// The app secret has no ASCII colon, but one that looks like it, as Chinese keyboards write it.
    WrongColon {
        /// What stands there: `：`.
        colon: char,
    },
    /// The app secret has no colon and is 32 hexadecimal digits, as the enterprise edition's
    /// (旺店通企业版) are.
    EnterpriseSecret,
    /// A part begins or ends with a blank, or with a character that is not seen at all.
    Blank {
        /// Which part.
        field: CredentialsField,
        /// The character's code point.
        code: u32,
        /// Its index in the part, counted in characters from 0.
        position: usize,
    },
    /// A part holds a control character, most often the line break of the file it was read from.
    ControlCharacter {
        /// Which part.
        field: CredentialsField,
        /// The character's code point.
        code: u32,
        /// Its index in the part, counted in characters from 0.
        position: usize,
    },
}

impl Bilingual for CredentialsError {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { field } => {
                let field = field.text(language);
                say!(f, language, "{field} is empty", "{field} 是空的")
            }
            Self::MissingColon => say!(
                f,
                language,
                "appsecret has no ':': it must be the whole `secret:salt` that the platform issued",
                "appsecret 里没有半角冒号“:”：请填平台给的完整的 `secret:salt`"
            ),
            Self::WrongColon { colon } => {
                let code = u32::from(*colon);
                say!(
                    f,
                    language,
                    "appsecret has the colon '{colon}' (U+{code:04X}) in place of the ASCII ':' \
                     between secret and salt",
                    "appsecret 里的冒号是“{colon}”（U+{code:04X}），应为半角的“:”，格式是 `secret:salt`"
                )
            }
            Self::EnterpriseSecret => say!(
                f,
                language,
                "appsecret has no ':' and looks like one of the enterprise edition, 32 hexadecimal \
                 digits: the flagship's is the whole `secret:salt`",
                "appsecret 里没有半角冒号“:”，是 32 位十六进制数，像旺店通企业版的：\
                 旗舰版的格式是完整的 `secret:salt`"
            ),
            Self::Blank { field, code, position } => {
                let field = field.text(language);
                say!(
                    f,
                    language,
                    "{field} begins or ends with a blank, U+{code:04X} at character {position}; \
                     strip it",
                    "{field} 首尾有空格之类的空白：位置 {position} 是 U+{code:04X}，请去掉"
                )
            }
            Self::ControlCharacter { field, code, position } => {
                let field = field.text(language);
                say!(
                    f,
                    language,
                    "{field} holds the control character U+{code:04X} at character {position}; \
                     if it was read from a file, strip the line break",
                    "{field} 在位置 {position} 有控制字符 U+{code:04X}；\
                     如果是从文件读的，请去掉换行"
                )
            }
        }
    }
}

bilingual!(CredentialsError, CredentialsField);

impl core::error::Error for CredentialsError {}

/// A part of the credentials, as error texts name it.
///
/// ```
/// use wdt_proto::{Credentials, CredentialsError, CredentialsField};
///
/// let error = Credentials::new("wdtapi3", "", "testsecret:testsalt").unwrap_err();
/// assert_eq!(error, CredentialsError::Empty { field: CredentialsField::Key });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialsField {
    /// The merchant's account (卖家账号).
    Sid,
    /// The application's key (appkey).
    Key,
    /// The part of the app secret before the first colon.
    Secret,
    /// The part of the app secret after the first colon.
    Salt,
}

impl Bilingual for CredentialsField {
    fn write(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sid => f.write_str("sid"),
            Self::Key => f.write_str("key"),
            Self::Secret => say!(
                f,
                language,
                "secret (the part of appsecret before ':')",
                "secret（appsecret 冒号前的部分）"
            ),
            Self::Salt => say!(
                f,
                language,
                "salt (the part of appsecret after ':')",
                "salt（appsecret 冒号后的部分）"
            ),
        }
    }
}

/// An app secret taken apart: `secret:salt`, split at the first colon.
///
/// The secret half lives in memory that is wiped on drop, and no output of this library holds it.
/// The salt half is public: it travels in every request's query.
///
/// ```
/// use wdt_proto::AppSecret;
///
/// let app_secret = AppSecret::parse("s3cr3t:sa:lt")?;
/// assert_eq!(app_secret.salt(), "sa:lt");
/// assert_eq!(format!("{app_secret:?}"), r#"AppSecret { secret: "***", salt: "sa:lt" }"#);
/// # Ok::<(), wdt_proto::CredentialsError>(())
/// ```
#[derive(Clone)]
pub struct AppSecret {
    secret: Zeroizing<String>,
    salt: String,
}

impl AppSecret {
    /// Splits `secret:salt` at the first colon; the salt may hold further colons.
    ///
    /// # Errors
    /// [`CredentialsError`] when the colon is missing, or a half is empty, holds a control character
    /// (NUL and line breaks included), or has blanks around it.
    pub fn parse(app_secret: &str) -> Result<Self, CredentialsError> {
        let (secret, salt) = app_secret.split_once(':').ok_or_else(|| without_colon(app_secret))?;
        check(CredentialsField::Secret, secret)?;
        check(CredentialsField::Salt, salt)?;
        Ok(Self { secret: Zeroizing::new(secret.into()), salt: salt.into() })
    }

    /// The public half, sent as `salt`.
    #[must_use]
    pub fn salt(&self) -> &str {
        &self.salt
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }
}

impl fmt::Debug for AppSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppSecret").field("secret", &"***").field("salt", &self.salt).finish()
    }
}

/// What signs a request: the merchant's sid, the application's key, and its app secret.
///
/// `Debug` shows the secret as `***`, there is no `Serialize`, and the secret is wiped on drop.
///
/// ```
/// use wdt_proto::Credentials;
///
/// let credentials = Credentials::new("wdtapi3", "appkey", "testsecret:testsalt")?;
/// assert_eq!(credentials.salt(), "testsalt");
/// assert_eq!(
///     format!("{credentials:?}"),
///     r#"Credentials { sid: "wdtapi3", key: "appkey", secret: "***" }"#,
/// );
/// # Ok::<(), wdt_proto::CredentialsError>(())
/// ```
#[derive(Clone)]
pub struct Credentials {
    sid: String,
    key: String,
    app_secret: AppSecret,
    /// `sid`, `key` and `salt` as every query carries them.
    encoded: String,
}

impl Credentials {
    /// Takes the three values as the platform issues them; `app_secret` is `secret:salt`.
    ///
    /// # Errors
    /// [`CredentialsError`] names the part that is empty, holds a control character, has blanks
    /// around it, or lacks its colon.
    pub fn new(sid: &str, key: &str, app_secret: &str) -> Result<Self, CredentialsError> {
        check(CredentialsField::Sid, sid)?;
        check(CredentialsField::Key, key)?;
        let app_secret = AppSecret::parse(app_secret)?;
        let mut encoded = String::new();
        for (name, value) in [("sid", sid), ("key", key), ("salt", app_secret.salt())] {
            query::push_pair(&mut encoded, name, value);
        }
        Ok(Self { sid: sid.into(), key: key.into(), app_secret, encoded })
    }

    /// The merchant's account.
    #[must_use]
    pub fn sid(&self) -> &str {
        &self.sid
    }

    /// The application's key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The public half of the app secret.
    #[must_use]
    pub fn salt(&self) -> &str {
        self.app_secret.salt()
    }

    pub(crate) fn encoded(&self) -> &str {
        &self.encoded
    }

    pub(crate) fn secret(&self) -> &str {
        self.app_secret.secret()
    }
}

// The secret's place holder stands for the whole `app_secret`; the bindings print the same text.
#[allow(clippy::missing_fields_in_debug)]
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("sid", &self.sid)
            .field("key", &self.key)
            .field("secret", &"***")
            .finish()
    }
}

/// Why an app secret without an ASCII colon has none.
fn without_colon(app_secret: &str) -> CredentialsError {
    /// Full-width, small, presentation form, ratio.
    const COLONS: [char; 4] = ['：', '﹕', '︓', '∶'];
    let trimmed = app_secret.trim_matches(is_blank);
    if let Some(colon) = app_secret.chars().find(|c| COLONS.contains(c)) {
        CredentialsError::WrongColon { colon }
    } else if trimmed.len() == 32 && trimmed.bytes().all(|b| b.is_ascii_hexdigit()) {
        CredentialsError::EnterpriseSecret
    } else {
        CredentialsError::MissingColon
    }
}

/// White space, and what chats and web pages put into copied text without showing it.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

fn check(field: CredentialsField, value: &str) -> Result<(), CredentialsError> {
    if value.is_empty() {
        return Err(CredentialsError::Empty { field });
    }
    let at = |(position, c): (usize, char)| (field, u32::from(c), position);
    if let Some((field, code, position)) =
        value.chars().enumerate().find(|(_, c)| c.is_control()).map(at)
    {
        return Err(CredentialsError::ControlCharacter { field, code, position });
    }
    let first = value.chars().next().map(|c| (0, c));
    let last = value.chars().enumerate().last();
    match first.into_iter().chain(last).find(|(_, c)| is_blank(*c)).map(at) {
        Some((field, code, position)) => Err(CredentialsError::Blank { field, code, position }),
        None => Ok(()),
    }
}
