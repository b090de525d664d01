//! What other programs put in the secret's place.

use zeroize::Zeroizing;

use super::mistake::Mistake;
use crate::credentials::Owned;

/// What may have stood at the two ends.
pub(crate) struct Secret {
    pub(crate) before: Zeroizing<Vec<u8>>,
    pub(crate) after: Zeroizing<Vec<u8>>,
    pub(crate) mistake: Option<Mistake>,
}

/// A mistake's code, what it is, what to do instead, and both in Chinese.
type Text = (&'static str, &'static str, &'static str, &'static str);

const SPLIT: &str = "use only the part before the first colon as the secret; the rest is the salt, sent in the query";
const BOTH: &str = "put the secret at both ends of the canonical string";

const WITH_SALT: Text = (
    "secret_with_salt",
    "the whole secret:salt was used as the secret",
    SPLIT,
    "密钥带上了盐值：签名用了整个 secret:salt，只应取第一个冒号之前的部分",
);
const WITH_SALT_AT_ONE_END: Text = (
    "secret_with_salt",
    "the whole secret:salt was used as the secret, at one end only",
    "put only the part before the first colon at both ends",
    "用了整个 secret:salt，而且只加在一端：首尾都只放第一个冒号之前的部分",
);
const JOINED: Text = (
    "secret_with_salt",
    "secret and salt together, without the colon, were used as the secret",
    SPLIT,
    "把密钥和 salt 拼在一起当成了密钥，只应取第一个冒号之前的部分",
);
const AT_THE_START: Text = (
    "secret_one_end",
    "the secret stands only at the start",
    BOTH,
    "密钥只加在了签名串开头，首尾都要加",
);
const AT_THE_END: Text = (
    "secret_one_end",
    "the secret stands only at the end",
    BOTH,
    "密钥只加在了签名串末尾，首尾都要加",
);
const MISSING: Text = (
    "secret_missing",
    "there is no secret in the canonical string",
    BOTH,
    "签名串里没有密钥，首尾都要加",
);
const SALT: Text = (
    "secret_is_salt",
    "the salt was used as the secret",
    SPLIT,
    "把 salt 当成了密钥：密钥是第一个冒号之前的部分",
);
const ONE_EACH: Text = (
    "secret_is_salt",
    "the secret stands at one end, the salt at the other",
    BOTH,
    "首尾一个是密钥一个是 salt，两端都应是密钥",
);
const LAST_COLON: Text = (
    "secret_split_wrong",
    "appsecret was split at its last colon",
    "split appsecret at its first colon; the salt may hold further colons",
    "appsecret 拆错了：要按第一个冒号拆，salt 里可以有冒号",
);
const BLANK: Text = (
    "secret_whitespace",
    "a line break or a blank hangs on the secret",
    "strip it where the secret is read",
    "密钥末尾混进了换行或空格，读取时要去掉",
);
const CASE: Text = (
    "secret_case",
    "the secret's letters were changed to one case",
    "use the secret as issued",
    "密钥的大小写被改动了，要原样使用",
);
const APPKEY: Text =
    ("secret_is_key", "the appkey was used as the secret", SPLIT, "把 appkey 当成了密钥");

/// All forms of the secret, the right one first.
pub(crate) fn secrets(owned: &Owned) -> Vec<Secret> {
    let (secret, whole, salt) = (owned.secret(), owned.app_secret(), owned.credentials.salt());
    let key = owned.credentials.key();
    let mut found = Collector { forms: Vec::new() };
    found.add(secret, secret, None);
    found.add(whole, whole, Some(WITH_SALT));
    found.add(secret, "", Some(AT_THE_START));
    found.add("", secret, Some(AT_THE_END));
    found.add("", "", Some(MISSING));
    found.add(salt, salt, Some(SALT));
    found.add(secret, salt, Some(ONE_EACH));
    found.add(salt, secret, Some(ONE_EACH));
    if let Some((before_last, _)) = whole.rsplit_once(':') {
        found.add(before_last, before_last, Some(LAST_COLON));
    }
    found.add(whole, "", Some(WITH_SALT_AT_ONE_END));
    found.add("", whole, Some(WITH_SALT_AT_ONE_END));
    found.both(&Zeroizing::new([secret, salt].concat()), JOINED);
    for blank in ["\n", "\r\n", " "] {
        found.both(&Zeroizing::new([secret, blank].concat()), BLANK);
    }
    found.both(&Zeroizing::new(secret.to_lowercase()), CASE);
    found.both(&Zeroizing::new(secret.to_uppercase()), CASE);
    found.both(key, APPKEY);
    found.forms
}

/// Keeps each pair of ends once, under its first name.
struct Collector {
    forms: Vec<Secret>,
}

impl Collector {
    fn both(&mut self, text: &str, mistake: Text) {
        self.add(text, text, Some(mistake));
    }

    fn add(&mut self, before: &str, after: &str, mistake: Option<Text>) {
        let take = |text: &str| Zeroizing::new(text.as_bytes().to_vec());
        let (before, after) = (take(before), take(after));
        if self.forms.iter().any(|old| old.before == before && old.after == after) {
            return;
        }
        let mistake =
            mistake.map(|(code, what, fix, chinese)| Mistake::recomputed(code, what, fix, chinese));
        self.forms.push(Secret { before, after, mistake });
    }
}
