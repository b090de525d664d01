//! The C functions, called as C calls them: pointers and lengths, handles and statuses.
#![allow(clippy::unwrap_used, clippy::undocumented_unsafe_blocks, clippy::wildcard_imports)] // all handles here are alive

use std::ffi::c_char;
use std::ptr::{null, null_mut};

use serde_json::Value;
use wdt::credentials::*;
use wdt::error::*;
use wdt::options::*;
use wdt::report::*;
use wdt::request::*;
use wdt::response::*;
use wdt::validate::*;

fn load(file: &str) -> Vec<Value> {
    let path = format!("{}/../wdt-proto/testdata/{file}", env!("CARGO_MANIFEST_DIR"));
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    vectors["cases"].as_array().unwrap().clone()
}

/// Text as C gives it.
fn c(text: &str) -> (*const c_char, usize) {
    (text.as_ptr().cast(), text.len())
}

/// A text that C received: the length agrees with the NUL behind it.
fn received<T>(
    get: unsafe extern "C" fn(*const T, *mut usize) -> *const c_char,
    of: *const T,
) -> Option<String> {
    let mut len = 0;
    let data = unsafe { get(of, &raw mut len) };
    (!data.is_null()).then(|| {
        let bytes = unsafe { std::slice::from_raw_parts(data.cast::<u8>(), len + 1) };
        assert_eq!(bytes[len], 0);
        String::from_utf8(bytes[..len].to_vec()).unwrap()
    })
}

fn credentials(sid: &str, key: &str, app_secret: &str) -> *mut wdt_credentials {
    let (mut out, mut error) = (null_mut(), null_mut());
    let ((sid, sid_len), (key, key_len), (secret, secret_len)) = (c(sid), c(key), c(app_secret));
    let status = unsafe {
        wdt_credentials_new(
            sid,
            sid_len,
            key,
            key_len,
            secret,
            secret_len,
            &raw mut out,
            &raw mut error,
        )
    };
    assert_eq!(status, WDT_OK);
    assert!(error.is_null());
    out
}

#[test]
fn signing_vectors() {
    for case in load("signing.json") {
        let text = |field: &str| case[field].as_str().unwrap();
        let Some(body) = case["body"].as_str() else { continue };
        let credentials = credentials(text("sid"), text("key"), text("app_secret"));
        let mut options = null_mut();
        let ((method, method_len), (body, body_len)) = (c(text("method")), c(body));
        let (mut request, mut error) = (null_mut(), null_mut());
        unsafe {
            assert_eq!(wdt_options_new(&raw mut options, null_mut()), WDT_OK);
            assert_eq!(wdt_options_set_level(options, WDT_LEVEL_OFF, null_mut()), WDT_OK);
            if let Some(pager) = case["pager"].as_object() {
                let number = |name: &str| pager[name].as_i64().unwrap();
                let total = pager["calc_total"].as_bool().unwrap();
                let status = wdt_options_set_pager(
                    options,
                    number("page_size"),
                    number("page_no"),
                    total,
                    null_mut(),
                );
                assert_eq!(status, WDT_OK);
            }
            let unix_time = case["unix_time"].as_i64().unwrap();
            let status = wdt_request_build(
                credentials,
                method,
                method_len,
                body,
                body_len,
                unix_time,
                null(),
                options,
                &raw mut request,
                &raw mut error,
            );
            assert_eq!(status, WDT_OK, "{:?}", received(wdt_error_message, error));
            assert_eq!(received(wdt_request_sign, request).as_deref(), Some(text("sign")));
            assert_eq!(received(wdt_request_body, request).as_deref(), case["body"].as_str());
            assert_eq!(wdt_request_timestamp(request), case["timestamp"].as_i64().unwrap());
            wdt_request_free(request);
            wdt_options_free(options);
            wdt_credentials_free(credentials);
        }
    }
}

#[test]
fn response_vectors() {
    for case in load("responses.json") {
        let text = |field: &str| case[field].as_str();
        let (body, body_len) = c(text("body").unwrap());
        let (mut response, mut error) = (null_mut(), null_mut());
        unsafe {
            let status =
                wdt_response_parse(body, body_len, null(), &raw mut response, &raw mut error);
            match text("outcome").unwrap() {
                "ok" => {
                    assert_eq!((status, wdt_response_status(response)), (WDT_OK, 0));
                    if case.get("data").is_some() {
                        assert_eq!(received(wdt_response_data, response).as_deref(), text("data"));
                    }
                    let mut total = 0;
                    let has_total = wdt_response_total(response, &raw mut total);
                    assert_eq!(has_total.then_some(total), case["total"].as_u64());
                }
                "api_error" => {
                    assert_eq!(status, WDT_ERR_API);
                    assert_eq!(wdt_response_status(response), case["status"].as_i64().unwrap());
                    if case.get("kind").is_some() {
                        assert_eq!(received(wdt_response_kind, response).as_deref(), text("kind"));
                        let retryable = case["retryable"].as_bool().unwrap();
                        assert_eq!(wdt_response_retryable(response), retryable);
                    }
                }
                _ => {
                    assert_eq!(status, WDT_ERR_MALFORMED);
                    assert!(response.is_null());
                    assert_eq!(received(wdt_error_body, error).as_deref(), text("body"));
                }
            }
            assert_eq!(error.is_null(), status == WDT_OK);
            wdt_response_free(response);
            wdt_error_free(error);
        }
    }
}

#[test]
fn validation_vectors() {
    for case in load("validation.json") {
        let text = |field: &str| case[field].as_str().unwrap();
        for (level, column) in [(WDT_LEVEL_DOCUMENTED, 2), (WDT_LEVEL_STRICT, 3)] {
            let ((method, method_len), (body, body_len)) = (c(text("method")), c(text("body")));
            let (mut options, mut report) = (null_mut(), null_mut());
            unsafe {
                assert_eq!(wdt_options_new(&raw mut options, null_mut()), WDT_OK);
                assert_eq!(wdt_options_set_level(options, level, null_mut()), WDT_OK);
                let status = wdt_validate(
                    null(),
                    method,
                    method_len,
                    body,
                    body_len,
                    options,
                    &raw mut report,
                    null_mut(),
                );
                assert_eq!(status, WDT_OK);
                let expected = case["issues"].as_array().unwrap();
                assert_eq!(wdt_report_len(report), expected.len());
                for (index, issue) in expected.iter().enumerate() {
                    let at = |get: unsafe extern "C" fn(
                        *const wdt_report,
                        usize,
                        *mut usize,
                    ) -> *const c_char| {
                        std::ffi::CStr::from_ptr(get(report, index, null_mut()))
                            .to_str()
                            .unwrap()
                            .to_owned()
                    };
                    assert_eq!(issue[0], at(wdt_report_pointer));
                    assert_eq!(issue[1], at(wdt_report_code));
                    assert_eq!(issue[column] == "error", wdt_report_is_error(report, index));
                    assert!(at(wdt_report_message).contains(&at(wdt_report_label)));
                }
                assert!(wdt_report_pointer(report, expected.len(), null_mut()).is_null());
                wdt_report_free(report);
                wdt_options_free(options);
            }
        }
    }
}

#[test]
fn what_is_wrong_with_pointers_is_a_status() {
    let good = credentials("s", "k", "s:t");
    let build = |credentials: *const wdt_credentials,
                 method: (*const c_char, usize),
                 body: (*const c_char, usize)| {
        let mut out = null_mut();
        let mut error = null_mut();
        let status = unsafe {
            wdt_request_build(
                credentials,
                method.0,
                method.1,
                body.0,
                body.1,
                1_775_791_716,
                null(),
                null(),
                &raw mut out,
                &raw mut error,
            )
        };
        unsafe {
            assert_eq!(wdt_error_code(error), status);
            assert_eq!(out.is_null(), status != WDT_OK);
            wdt_error_free(error);
            wdt_request_free(out);
        }
        status
    };
    let method = c("system.Core.now");
    assert_eq!(build(good, method, c("[]")), WDT_OK);
    assert_eq!(build(null(), method, c("[]")), WDT_ERR_NULL);
    assert_eq!(build(good, (null(), 1), c("[]")), WDT_ERR_NULL);
    assert_eq!(build(good, (null(), 0), c("[]")), WDT_ERR_VALIDATION);
    assert_eq!(build(good, (b"\xff".as_ptr().cast(), 1), c("[]")), WDT_ERR_UTF8);
    assert_eq!(build(good, (method.0, usize::MAX), c("[]")), WDT_ERR_NULL);
    assert_eq!(build(good, method, (null(), 0)), WDT_ERR_VALIDATION);
    assert_eq!(build(good, method, (b"[\"\xff\"]".as_ptr().cast(), 5)), WDT_ERR_VALIDATION);
    unsafe {
        assert_eq!(wdt_options_set_level(null_mut(), 0, null_mut()), WDT_ERR_NULL);
        assert_eq!(wdt_options_new(null_mut(), null_mut()), WDT_ERR_NULL);
        wdt_credentials_free(good);
        wdt_credentials_free(null_mut());
        assert!(wdt_credentials_sid(null(), null_mut()).is_null());
        assert_eq!(wdt_response_status(null()), -1);
    }
}
