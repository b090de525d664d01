//! Our signatures against another implementation: a `BTreeMap`, one string, the `md5` crate.
//!
//! Input: the secret, then keys and values by turns, each behind `0xFF`. Keys that stand twice are
//! left out: no request has them, and `verify` refuses them.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use wdt_proto::{AppSecret, Credentials, Level, Lookup, Pager, Request, Timestamp, verify};
use wdt_proto_fuzz::{canonical, sign, split, text};

fuzz_target!(|data: &[u8]| {
    let parts = split(data, 24);
    let secret = text(parts[0]);
    let mut pairs: Vec<(String, Vec<u8>)> = Vec::new();
    for pair in
        parts[1..].chunks_exact(2).filter(|pair| !(pair[0].is_empty() && pair[1].is_empty()))
    {
        let key = text(pair[0]);
        if pairs.iter().all(|(known, _)| *known != key) {
            pairs.push((key, pair[1].to_vec()));
        }
    }
    let map: BTreeMap<_, _> =
        pairs.iter().map(|(k, v)| (k.clone().into_bytes(), v.clone())).collect();
    let given = || pairs.iter().map(|(k, v)| (k.as_str(), v.as_slice()));
    let ours = wdt_proto::sign(&secret, given());
    assert_eq!(ours.as_str(), sign(&secret, &map));
    // The order in which they are given does not count.
    assert_eq!(ours, wdt_proto::sign(&secret, given().rev()));
    assert!(ours.matches(&sign(&secret, &map)) && !ours.matches(&sign(&secret, &map)[1..]));

    whole_request(&secret, &map);
});

/// A request made of the same parts: what is signed is what the other implementation would sign.
fn whole_request(secret: &str, map: &BTreeMap<Vec<u8>, Vec<u8>>) {
    let get = |name: &str| map.get(name.as_bytes()).map(|value| text(value)).unwrap_or_default();
    let number = |name: &str| get(name).parse::<i64>().ok();
    let (sid, key, salt, method) = (get("sid"), get("key"), get("salt"), get("method"));
    let app_secret = format!("{secret}:{salt}");
    let Ok(credentials) = Credentials::new(&sid, &key, &app_secret) else { return };
    let Some(Ok(now)) = number("timestamp").map(Timestamp::from_seconds) else { return };
    let mut builder = Request::builder(&method).level(Level::Off);
    let mut expected = BTreeMap::from(
        [("sid", &sid), ("key", &key), ("method", &method)]
            .map(|(name, value)| (name.as_bytes().to_vec(), value.clone().into_bytes())),
    );
    let mut put = |name: &str, value: String| drop(expected.insert(name.into(), value.into()));
    put("salt", app_secret.split_once(':').map(|(_, salt)| salt.to_owned()).unwrap_or_default());
    put("timestamp", now.seconds().to_string());
    put("v", "1.0".into());
    put("body", get("body"));
    if let (Some(size), Some(no)) = (number("page_size"), number("page_no"))
        && let Ok(pager) = Pager::new(size, no)
    {
        let total = get("calc_total") == "1";
        builder = builder.pager(if total { pager.with_total() } else { pager });
        put("page_size", size.to_string());
        put("page_no", no.to_string());
        put("calc_total", u8::from(total).to_string());
    }
    let Ok(request) = builder.raw_body(get("body")) else { return };

    let secret = app_secret.split_once(':').map_or("", |(secret, _)| secret);
    let explained = request.explain(&credentials, now);
    let whole = canonical(secret, &expected);
    let open = &whole[secret.len()..whole.len() - secret.len()];
    assert_eq!(explained.canonical, format!("***{}***", String::from_utf8_lossy(open)));
    assert_eq!(explained.length, whole.len());
    let signed = request.sign(&credentials, now);
    assert_eq!(signed.signature().as_str(), sign(secret, &expected));
    assert_eq!(explained.sign, signed.signature());

    // The query holds exactly what was signed.
    expected.insert(b"sign".to_vec(), signed.signature().as_str().into());
    let sent: BTreeMap<Vec<u8>, Vec<u8>> = signed
        .query_pairs()
        .into_iter()
        .map(|(k, v)| (k.into_owned().into_bytes(), v.into_owned().into_bytes()))
        .chain([(b"body".to_vec(), signed.body().to_vec())])
        .collect();
    assert_eq!(sent, expected);
    let look_up =
        |_: &str, _: &str| AppSecret::parse(&app_secret).map_or(Lookup::UnknownKey, Lookup::Found);
    assert!(verify(signed.query(), signed.body(), look_up, now).is_ok());
}
