//! The account that a request should have been signed with.

use std::fmt;

use wdt_proto::json::Writer;
use wdt_proto::{AppSecret, Credentials, CredentialsError, query};
use zeroize::Zeroizing;

/// Credentials, and the whole app secret for what the core does not do: signing wrongly.
///
/// `Debug` masks the secret; it is wiped on drop.
///
/// ```
/// use wdt_explain::Account;
///
/// let account = Account::new("wdtapi3", "wdt_test", "testsecret:testsalt")?;
/// assert!(!format!("{account:?}").contains("testsecret"));
/// assert!(Account::new("wdtapi3", "wdt_test", "testsecret").is_err());
/// # Ok::<(), wdt_proto::CredentialsError>(())
/// ```
pub struct Account {
    credentials: Credentials,
    parts: AppSecret,
    app_secret: Zeroizing<String>,
}

impl Account {
    /// The three values as the platform issues them; `app_secret` is `secret:salt`.
    ///
    /// # Errors
    /// [`CredentialsError`] names the part that is empty, holds a control character, has blanks around
    /// it, or lacks its colon.
    pub fn new(sid: &str, key: &str, app_secret: &str) -> Result<Self, CredentialsError> {
        let credentials = Credentials::new(sid, key, app_secret)?;
        let parts = AppSecret::parse(app_secret)?;
        Ok(Self { credentials, parts, app_secret: Zeroizing::new(app_secret.to_owned()) })
    }

    pub(crate) fn sid(&self) -> &str {
        self.credentials.sid()
    }

    pub(crate) fn key(&self) -> &str {
        self.credentials.key()
    }

    pub(crate) fn salt(&self) -> &str {
        self.credentials.salt()
    }

    /// As the core's checks take it.
    pub(crate) const fn parts(&self) -> &AppSecret {
        &self.parts
    }

    /// `secret:salt`, as issued.
    pub(crate) fn app_secret(&self) -> &str {
        &self.app_secret
    }

    /// The part that signs.
    pub(crate) fn secret(&self) -> &str {
        let end = self.app_secret.len().saturating_sub(self.salt().len() + 1);
        self.app_secret.get(..end).unwrap_or_default()
    }

    /// Whether a value holds the secret, as it is or encoded.
    pub(crate) fn leaks_in(&self, value: &str) -> bool {
        /// The platform's secrets have 32 characters; a short word may stand in a value by chance.
        const MIN_CHARS: usize = 8;
        let secret = self.secret();
        if value == secret || value == self.app_secret() {
            return true;
        }
        if secret.chars().count() < MIN_CHARS {
            return false;
        }
        let encoded = Zeroizing::new(query::encode([("", secret)]));
        let mut quoted = Writer::with_capacity(2 * secret.len());
        quoted.string(secret);
        let quoted = Zeroizing::new(String::from_utf8(quoted.into_bytes()).unwrap_or_default());
        let inner = quoted.trim_start_matches('"').trim_end_matches('"');
        [secret, encoded.trim_start_matches('='), inner].iter().any(|form| value.contains(form))
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Account").field(&self.credentials).finish()
    }
}
