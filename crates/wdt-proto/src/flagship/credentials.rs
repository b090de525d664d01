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
    /// [`CredentialsError`] when the colon is missing, or a half is empty or holds a control
    /// character (NUL and line breaks included).
    pub fn parse(app_secret: &str) -> Result<Self, CredentialsError> {
        let (secret, salt) = app_secret.split_once(':').ok_or(CredentialsError::MissingColon)?;
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
    /// [`CredentialsError`] names the part that is empty, holds a control character, or lacks
    /// its colon.
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

fn check(field: CredentialsField, value: &str) -> Result<(), CredentialsError> {
    if value.is_empty() {
        return Err(CredentialsError::Empty { field });
    }
    match value.chars().enumerate().find(|(_, c)| c.is_control()) {
        Some((position, c)) => {
            Err(CredentialsError::ControlCharacter { field, code: c.into(), position })
        }
        None => Ok(()),
    }
}
