//! What other programs put in the secret's place.

use wdt_proto::Language;
use zeroize::Zeroizing;

use crate::account::Account;
use crate::code::MistakeCode;
use crate::words::{Words, say};

/// What may have stood at the two ends.
pub(crate) struct Secret {
    pub(crate) before: Zeroizing<Vec<u8>>,
    pub(crate) after: Zeroizing<Vec<u8>>,
    /// `None`: the right one.
    pub(crate) misuse: Option<Misuse>,
}

/// How a secret was misused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misuse {
    WithSalt,
    WithSaltAtOneEnd,
    /// Secret and salt without the colon.
    JoinedWithSalt,
    OnlyAtTheStart,
    OnlyAtTheEnd,
    Missing,
    Salt,
    /// The secret at one end, the salt at the other.
    OneEach,
    SplitAtTheLastColon,
    Blank,
    Case,
    Key,
}

impl Words for Misuse {
    fn code(&self) -> MistakeCode {
        match self {
            Self::WithSalt | Self::WithSaltAtOneEnd | Self::JoinedWithSalt => {
                MistakeCode::SecretWithSalt
            }
            Self::OnlyAtTheStart | Self::OnlyAtTheEnd => MistakeCode::SecretOneEnd,
            Self::Missing => MistakeCode::SecretMissing,
            Self::Salt | Self::OneEach => MistakeCode::SecretIsSalt,
            Self::SplitAtTheLastColon => MistakeCode::SecretSplitWrong,
            Self::Blank => MistakeCode::SecretWhitespace,
            Self::Case => MistakeCode::SecretCase,
            Self::Key => MistakeCode::SecretIsKey,
        }
    }

    fn what(&self, language: Language) -> String {
        match self {
            Self::WithSalt => say!(
                language,
                "the whole secret:salt was used as the secret",
                "签名时把整个 secret:salt 当成了密钥"
            ),
            Self::WithSaltAtOneEnd => say!(
                language,
                "the whole secret:salt was used as the secret, at one end only",
                "签名时把整个 secret:salt 当成了密钥，而且只加在一端"
            ),
            Self::JoinedWithSalt => say!(
                language,
                "secret and salt together, without the colon, were used as the secret",
                "签名时把密钥和 salt 拼在一起（去掉了冒号）当成了密钥"
            ),
            Self::OnlyAtTheStart => say!(
                language,
                "the secret is only at the start of the canonical string",
                "密钥只加在了签名串开头"
            ),
            Self::OnlyAtTheEnd => say!(
                language,
                "the secret is only at the end of the canonical string",
                "密钥只加在了签名串末尾"
            ),
            Self::Missing => {
                say!(language, "there is no secret in the canonical string", "签名串里没有密钥")
            }
            Self::Salt => {
                say!(language, "the salt was used as the secret", "签名时把 salt 当成了密钥")
            }
            Self::OneEach => say!(
                language,
                "the secret is at one end of the canonical string, the salt at the other",
                "签名串首尾一端是密钥，另一端是 salt"
            ),
            Self::SplitAtTheLastColon => say!(
                language,
                "appsecret was split at its last colon",
                "appsecret 按最后一个冒号拆分了"
            ),
            Self::Blank => say!(
                language,
                "there is a line break or a blank at the end of the secret",
                "密钥末尾混进了换行或空格"
            ),
            Self::Case => say!(
                language,
                "the secret's letters were changed to one case",
                "密钥的大小写被改动了"
            ),
            Self::Key => {
                say!(language, "the appkey was used as the secret", "签名时把 appkey 当成了密钥")
            }
        }
    }

    fn fix(&self, language: Language) -> String {
        match self {
            Self::WithSalt | Self::JoinedWithSalt | Self::Salt | Self::Key => say!(
                language,
                "use only the part before the first colon as the secret; the rest is the salt, sent in the query",
                "只取第一个冒号之前的部分当密钥；之后的部分是 salt，放进 URL 参数"
            ),
            Self::WithSaltAtOneEnd => say!(
                language,
                "put only the part before the first colon at both ends",
                "签名串首尾都只放第一个冒号之前的部分"
            ),
            Self::OnlyAtTheStart | Self::OnlyAtTheEnd | Self::Missing | Self::OneEach => say!(
                language,
                "put the secret at both ends of the canonical string",
                "签名串首尾各加一次密钥"
            ),
            Self::SplitAtTheLastColon => say!(
                language,
                "split appsecret at its first colon; the salt may hold further colons",
                "按第一个冒号拆分 appsecret，salt 里可以有冒号"
            ),
            Self::Blank => {
                say!(language, "strip it where the secret is read", "读取密钥时去掉首尾空白")
            }
            Self::Case => {
                say!(language, "use the secret as issued", "密钥要原样使用，不要转换大小写")
            }
        }
    }
}

/// All forms of the secret, the right one first.
pub(crate) fn secrets(account: &Account) -> Vec<Secret> {
    let (secret, whole, salt) = (account.secret(), account.app_secret(), account.salt());
    let key = account.key();
    let mut found = Collector { forms: Vec::new() };
    found.add(secret, secret, None);
    found.add(whole, whole, Some(Misuse::WithSalt));
    found.add(secret, "", Some(Misuse::OnlyAtTheStart));
    found.add("", secret, Some(Misuse::OnlyAtTheEnd));
    found.add("", "", Some(Misuse::Missing));
    found.add(salt, salt, Some(Misuse::Salt));
    found.add(secret, salt, Some(Misuse::OneEach));
    found.add(salt, secret, Some(Misuse::OneEach));
    if let Some((before_last, _)) = whole.rsplit_once(':') {
        found.add(before_last, before_last, Some(Misuse::SplitAtTheLastColon));
    }
    found.add(whole, "", Some(Misuse::WithSaltAtOneEnd));
    found.add("", whole, Some(Misuse::WithSaltAtOneEnd));
    found.both(&Zeroizing::new([secret, salt].concat()), Misuse::JoinedWithSalt);
    for blank in ["\n", "\r\n", " "] {
        found.both(&Zeroizing::new([secret, blank].concat()), Misuse::Blank);
    }
    found.both(&Zeroizing::new(secret.to_lowercase()), Misuse::Case);
    found.both(&Zeroizing::new(secret.to_uppercase()), Misuse::Case);
    found.both(key, Misuse::Key);
    found.forms
}

/// Keeps each pair of ends once, under its first name.
struct Collector {
    forms: Vec<Secret>,
}

impl Collector {
    fn both(&mut self, text: &str, misuse: Misuse) {
        self.add(text, text, Some(misuse));
    }

    fn add(&mut self, before: &str, after: &str, misuse: Option<Misuse>) {
        let take = |text: &str| Zeroizing::new(text.as_bytes().to_vec());
        let (before, after) = (take(before), take(after));
        if self.forms.iter().any(|old| old.before == before && old.after == after) {
            return;
        }
        self.forms.push(Secret { before, after, misuse });
    }
}
