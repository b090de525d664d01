//! No output of the library holds a secret: everything printable that was made with one, and every
//! error that one can provoke, is searched for a marker.
//!
//! The marker stands before the first colon of an app secret, where the secret stands. What a user
//! puts elsewhere (into a body, a sid) is no secret to the library.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use std::fmt::{Debug, Display};

use wdt_proto::stock_sync::{self, SyncInfo};
use wdt_proto::{
    AppSecret, Credentials, CredentialsError, Level, Lookup, Pager, Request, SignedRequest,
    Timestamp, VerifyError, sign, verify,
};

const MARKER: &str = "MARKERsecret";
const APP_SECRET: &str = "MARKERsecret:salt";

/// All that was printed.
#[derive(Default)]
struct Output(Vec<String>);

impl Output {
    fn debug(&mut self, what: &dyn Debug) {
        self.0.push(format!("{what:?}"));
        self.0.push(format!("{what:#?}"));
    }

    fn error<E: std::error::Error>(&mut self, error: &E) {
        self.debug(error);
        let mut next: Option<&dyn std::error::Error> = Some(error);
        while let Some(error) = next {
            self.0.push(error.to_string());
            next = error.source();
        }
    }

    fn text(&mut self, text: &dyn Display) {
        self.0.push(text.to_string());
    }

    /// Searched as it is, in hex and as a list of bytes; and something was printed at all.
    fn assert_clean(&self) {
        assert!(self.0.iter().any(|text| !text.is_empty()));
        let hex = MARKER.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        let numbers = MARKER.bytes().map(|b| b.to_string()).collect::<Vec<_>>().join(", ");
        for text in &self.0 {
            let lower = text.to_lowercase();
            for form in [&MARKER.to_lowercase(), &hex, &numbers] {
                assert!(!lower.contains(form.as_str()), "{text}");
            }
        }
    }
}

fn now() -> Timestamp {
    Timestamp::from_seconds(450_444_516).unwrap()
}

fn credentials() -> Credentials {
    Credentials::new("wdtapi3", "appkey", APP_SECRET).unwrap()
}

fn signed() -> SignedRequest {
    let pager = Pager::new(100, 0).unwrap();
    let request = Request::builder("goods.Goods.queryWithSpec").level(Level::Off).pager(pager);
    request.raw_body("[{}]").unwrap().sign(&credentials(), now())
}

#[test]
fn what_holds_a_secret_does_not_print_it() {
    let mut out = Output::default();
    let credentials = credentials();
    let app_secret = AppSecret::parse(APP_SECRET).unwrap();
    out.debug(&credentials);
    out.debug(&credentials.clone());
    out.debug(&app_secret);
    out.debug(&Some(app_secret.clone()));
    out.debug(&Lookup::Found(app_secret));
    for text in [credentials.sid(), credentials.key(), credentials.salt()] {
        out.text(&text);
    }
    out.assert_clean();
}

#[test]
fn what_was_made_with_a_secret_does_not_print_it() {
    let mut out = Output::default();
    let info = SyncInfo::default().failed("平台接口限流");
    let request = stock_sync::sync_fail(2447, &info, Level::Documented).unwrap();
    let explanation = request.explain(&credentials(), now());
    out.text(&explanation.canonical);
    out.debug(&explanation);
    out.debug(&request);
    let signed = signed();
    out.debug(&signed);
    out.text(&signed.query());
    out.text(&signed.url("http://erp.example").unwrap());
    out.error(&signed.url("erp.example").unwrap_err());
    out.debug(&signed.query_pairs());
    out.debug(&signed.signature());
    out.text(&signed.signature());
    out.text(&sign(MARKER, [("body", "[]")]));
    out.debug(&signed.headers());
    let found = Lookup::Found(AppSecret::parse(APP_SECRET).unwrap());
    out.debug(&verify(signed.query(), signed.body(), |_, _| found, now()).unwrap());
    out.assert_clean();
}

/// Each way in which credentials can be bad while the secret is good, and a bad secret itself.
#[test]
fn refused_credentials_do_not_print_it() {
    let mut out = Output::default();
    let mut errors = Vec::new();
    for app_secret in [
        MARKER,
        "MARKERsecret:",
        ":MARKERsecret",
        "MARKERsecret\n:salt",
        "MARKERsecret\0:salt",
        "MARKERsecret:salt\r",
        " MARKERsecret:salt",
        "MARKERsecret：salt",
        "MARKERsecret :salt",
    ] {
        errors.push(AppSecret::parse(app_secret).unwrap_err());
        errors.push(Credentials::new("wdtapi3", "appkey", app_secret).unwrap_err());
    }
    for (sid, key) in [("", "k"), ("s", ""), ("s\n", "k"), ("s", "k\u{85}")] {
        errors.push(Credentials::new(sid, key, APP_SECRET).unwrap_err());
    }
    for error in &errors {
        out.error(error);
    }
    // All sorts of the error were among them.
    for sort in ["Empty", "MissingColon", "WrongColon", "ControlCharacter", "Blank"] {
        assert!(errors.iter().any(|error| format!("{error:?}").starts_with(sort)), "{sort}");
    }
    assert!(errors.iter().all(|error| !matches!(error, CredentialsError::Empty { .. })
        || error.to_string().contains("is empty")));
    out.assert_clean();
}

/// Each check of `verify`, with the secret at hand and with the right signature never shown.
#[test]
fn refused_calls_do_not_print_it() {
    let mut out = Output::default();
    let signed = signed();
    let query = signed.query();
    let found = || Lookup::Found(AppSecret::parse(APP_SECRET).unwrap());
    let mut checks = Vec::new();
    let mut refuse = |query: &str, body: &[u8], lookup: Lookup, now: Timestamp| -> VerifyError {
        let error = verify(query, body, |_, _| lookup, now).unwrap_err();
        checks.push(error.check());
        out.error(&error);
        out.text(&error.vendor_message());
        out.debug(&error.kind());
        error
    };
    let late = Timestamp::from_seconds(450_444_516 + 121).unwrap();
    refuse("%zz=1", b"[]", found(), now());
    refuse(&query.replace("&v=1.0", ""), b"[{}]", found(), now());
    refuse(&format!("{query}&sid=x"), b"[{}]", found(), now());
    refuse(query, b"[{}]", Lookup::UnknownSid, now());
    refuse(query, b"[{}]", Lookup::UnknownKey, now());
    refuse(&query.replace("v=1.0", "v=2.0"), b"[{}]", found(), now());
    refuse(&query.replace("=450444516", "=x"), b"[{}]", found(), now());
    refuse(query, b"[{}]", found(), late);
    let error = refuse(query, b"[{} ]", found(), now());
    let right = sign(MARKER, [("body", "[]")]);
    assert!(!format!("{error} {error:?}").contains(right.as_str()));
    // Signed by somebody who knows the secret, with pages that cannot be.
    let pairs = [
        ("sid", "wdtapi3"),
        ("key", "appkey"),
        ("salt", "salt"),
        ("method", "m"),
        ("v", "1.0"),
        ("timestamp", "450444516"),
        ("page_size", "0"),
        ("page_no", "0"),
    ];
    let signature = sign(MARKER, pairs.into_iter().chain([("body", "[]")]));
    let pairs = pairs.map(|(key, value)| format!("{key}={value}")).join("&");
    refuse(&format!("{pairs}&sign={signature}"), b"[]", found(), now());
    checks.sort_unstable();
    checks.dedup();
    assert_eq!(checks.len(), 10, "each check failed once: {checks:?}");
    out.assert_clean();
}
