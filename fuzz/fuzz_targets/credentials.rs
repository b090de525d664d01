//! Any three texts as credentials.
//!
//! Which ones are good is decided here anew. And nothing that the library prints depends on the
//! secret: all texts are the same with another secret of the same length. The signature alone may
//! differ.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wdt_proto::{AppSecret, Credentials, Lookup, Request, SignedRequest, Timestamp, verify};
use wdt_proto_fuzz::{split, text};

const NOW: i64 = 450_444_516;

fuzz_target!(|data: &[u8]| {
    let parts = split(data, 3);
    let [sid, key, app_secret] = [0, 1, 2].map(|i| text(parts[i]));
    let made = Credentials::new(&sid, &key, &app_secret);

    let is_good = |part: &str| {
        !part.is_empty()
            && !part.contains(char::is_control)
            && !part.starts_with(is_blank)
            && !part.ends_with(is_blank)
    };
    let halves = app_secret.split_once(':');
    let halves = halves.filter(|(secret, salt)| is_good(secret) && is_good(salt));
    assert_eq!(made.is_ok(), is_good(&sid) && is_good(&key) && halves.is_some());
    if let Ok(credentials) = &made {
        let (_, salt) = halves.unwrap_or_default();
        assert_eq!(
            (credentials.sid(), credentials.key(), credentials.salt()),
            (&*sid, &*key, salt)
        );
    }

    let masked = other_secret(&app_secret);
    assert_eq!(outputs(&sid, &key, &app_secret), outputs(&sid, &key, &masked));
});

fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || ('\u{200B}'..='\u{200F}').contains(&c)
        || c == '\u{2060}'
        || c == '\u{FEFF}'
}

/// The same app secret with other characters before the colon. What an error names stays: control
/// characters, blanks, colons of other sorts; and hexadecimal digits become others.
fn other_secret(app_secret: &str) -> String {
    let (secret, rest) = app_secret.split_at(app_secret.find(':').unwrap_or(app_secret.len()));
    let other = |c: char| match (c.is_control(), c.len_utf8()) {
        (true, _) => c,
        _ if is_blank(c) || "：﹕︓∶".contains(c) => c,
        _ if c.is_ascii_hexdigit() => {
            if c == 'a' {
                'b'
            } else {
                'a'
            }
        }
        (_, 1) => {
            if c == 'x' {
                'y'
            } else {
                'x'
            }
        }
        (_, 2) => {
            if c == 'é' {
                'ü'
            } else {
                'é'
            }
        }
        (_, 3) => {
            if c == '库' {
                '存'
            } else {
                '库'
            }
        }
        _ => {
            if c == '😀' {
                '😁'
            } else {
                '😀'
            }
        }
    };
    secret.chars().map(other).chain(rest.chars()).collect()
}

/// All that the library says about credentials and with them.
fn outputs(sid: &str, key: &str, app_secret: &str) -> Vec<String> {
    let mut texts = Vec::new();
    match AppSecret::parse(app_secret) {
        Ok(parsed) => {
            texts.push(format!("{parsed:?} {:#?} {:?}", parsed, Lookup::Found(parsed.clone())));
        }
        Err(error) => texts.push(format!("{error} {error:?}")),
    }
    let credentials = match Credentials::new(sid, key, app_secret) {
        Ok(credentials) => credentials,
        Err(error) => {
            texts.push(format!("{error} {error:?}"));
            return texts;
        }
    };
    texts.push(format!("{credentials:?} {credentials:#?} {:?}", credentials.clone()));
    let Ok(now) = Timestamp::from_seconds(NOW) else { return texts };
    let Ok(request) = Request::builder("system.Core.now").raw_body("[]") else { return texts };
    let explained = request.explain(&credentials, now);
    texts.push(format!("{} {}", explained.canonical, explained.length));
    texts.push(format!("{request:?}"));
    let signed: SignedRequest = request.sign(&credentials, now);
    let without_sign = |text: String| text.replace(signed.signature().as_str(), "");
    texts.push(without_sign(format!("{signed:?} {explained:?}")));
    texts.push(without_sign(format!("{:?}", signed.url("http://erp.example"))));
    for (query, body) in [(signed.query(), b"[1]".as_slice()), (signed.query(), b"[]")] {
        let look_up = |_: &str, _: &str| {
            AppSecret::parse(app_secret).map_or(Lookup::UnknownKey, Lookup::Found)
        };
        match verify(query, body, look_up, now) {
            Ok(call) => texts.push(format!("{call:?}")),
            Err(error) => texts.push(format!("{error} {error:?}")),
        }
    }
    texts
}
