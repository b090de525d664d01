//! What failed: a status for the program, a text for people, and the details of each kind.

use std::os::raw::c_char;
use std::sync::OnceLock;

use wdt_proto::catalogue::CatalogueError;
use wdt_proto::session::{ExchangeError, Fate, Outcome, PullError, RetryError, TransportError};
use wdt_proto::{
    Bilingual, CredentialsError, Language, ResponseError, TimestampError, ValidationError,
    VerifyError,
};

use crate::misuse::Misuse;
use crate::outward::{Text, free, give, infallible};
use crate::report::{Issues, wdt_report};

/// What a fallible function returns: `WDT_OK` or one of the `WDT_ERR_` numbers.
pub type wdt_status = i32;

/// The call succeeded.
pub const WDT_OK: wdt_status = 0;
/// A pointer that must not be NULL is NULL, or a length is more than memory holds.
pub const WDT_ERR_NULL: wdt_status = 1;
/// A text is no UTF-8.
pub const WDT_ERR_UTF8: wdt_status = 2;
/// Credentials are empty, lack their colon, or hold a control character or blanks around a part.
pub const WDT_ERR_CREDENTIALS: wdt_status = 3;
/// A request was refused before it was signed: `wdt_error_report` has the issues.
pub const WDT_ERR_VALIDATION: wdt_status = 4;
/// The server answered with a status other than 0: the response handle has it.
pub const WDT_ERR_API: wdt_status = 5;
/// The body is no reply of the platform's: `wdt_error_body` has its beginning.
pub const WDT_ERR_MALFORMED: wdt_status = 6;
/// A received call failed a check: `wdt_error_check` and the vendor's answer tell which.
pub const WDT_ERR_VERIFY: wdt_status = 7;
/// A method's file could not be registered.
pub const WDT_ERR_CATALOGUE: wdt_status = 8;
/// A number is none of the values that its place has.
pub const WDT_ERR_ARGUMENT: wdt_status = 9;
/// The library panicked: a defect of its own.
pub const WDT_ERR_PANIC: wdt_status = 10;

/// A pull cannot begin, or not go on from this state.
pub const WDT_ERR_PULL: wdt_status = 11;
/// No answer of the platform's came back: `wdt_error_fate` tells what is known of the call.
pub const WDT_ERR_TRANSPORT: wdt_status = 12;

/// What is known of a call that brought no answer of the platform's: one of the `WDT_FATE_` numbers.
pub type wdt_fate = i32;

/// Nothing of the kind happened.
pub const WDT_FATE_NONE: wdt_fate = 0;
/// It did not leave: it was not carried out.
pub const WDT_FATE_NOT_SENT: wdt_fate = 1;
/// It may have arrived: ask the platform before sending one that writes again.
pub const WDT_FATE_UNKNOWN: wdt_fate = 2;

/// What failed, before it is made a handle: the cause, whose text is made when somebody reads it.
pub(crate) enum Failure {
    Misuse(Misuse),
    Credentials(CredentialsError),
    Validation(Box<wdt_report>),
    Response(ResponseError),
    Verify(VerifyError),
    Catalogue(CatalogueError),
    Retry(RetryError),
    Pull(PullError),
    Exchange(Box<ExchangeError>),
    Panic,
}

impl Failure {
    pub(crate) fn null(name: &str) -> Self {
        Self::Misuse(Misuse::Null(name.into()))
    }

    /// An exchange tells its failure as often as it is asked.
    pub(crate) fn of(error: &ExchangeError) -> Self {
        Self::Exchange(Box::new(error.clone()))
    }

    pub(crate) fn code(&self) -> wdt_status {
        match self {
            Self::Misuse(Misuse::NotUtf8 { .. }) => WDT_ERR_UTF8,
            Self::Misuse(Misuse::Null(_) | Misuse::NullWithLength(_) | Misuse::TooLong { .. }) => {
                WDT_ERR_NULL
            }
            Self::Misuse(_) | Self::Retry(_) => WDT_ERR_ARGUMENT,
            Self::Credentials(_) => WDT_ERR_CREDENTIALS,
            Self::Validation(_) => WDT_ERR_VALIDATION,
            Self::Response(ResponseError::Api(_)) => WDT_ERR_API,
            Self::Response(_) => WDT_ERR_MALFORMED,
            Self::Verify(_) => WDT_ERR_VERIFY,
            Self::Catalogue(_) => WDT_ERR_CATALOGUE,
            Self::Pull(_) => WDT_ERR_PULL,
            Self::Exchange(error) => match **error {
                ExchangeError::Refused { .. } => WDT_ERR_API,
                ExchangeError::Malformed(_) => WDT_ERR_MALFORMED,
                _ => WDT_ERR_TRANSPORT,
            },
            Self::Panic => WDT_ERR_PANIC,
        }
    }

    fn text(&self, language: Language) -> String {
        match self {
            Self::Misuse(misuse) => misuse.in_language(language).to_string(),
            Self::Credentials(error) => error.text(language).to_string(),
            Self::Validation(report) => report.lines(language),
            Self::Response(error) => error.text(language).to_string(),
            Self::Verify(error) => error.text(language).to_string(),
            Self::Catalogue(error) => error.text(language).to_string(),
            Self::Retry(error) => error.text(language).to_string(),
            Self::Pull(error) => error.text(language).to_string(),
            Self::Exchange(error) => error.text(language).to_string(),
            Self::Panic if language == Language::Chinese => {
                "本库自身的缺陷：发生了 panic，请报告给我们".to_owned()
            }
            Self::Panic => "a defect of this library: it panicked; please report it".to_owned(),
        }
    }
}

impl From<Misuse> for Failure {
    fn from(misuse: Misuse) -> Self {
        Self::Misuse(misuse)
    }
}

impl From<ValidationError> for Failure {
    fn from(error: ValidationError) -> Self {
        Self::Validation(Box::new(wdt_report::new(Issues::Error(error))))
    }
}

impl From<TimestampError> for Failure {
    fn from(error: TimestampError) -> Self {
        ValidationError::from(error).into()
    }
}

impl From<CredentialsError> for Failure {
    fn from(error: CredentialsError) -> Self {
        Self::Credentials(error)
    }
}

impl From<VerifyError> for Failure {
    fn from(error: VerifyError) -> Self {
        Self::Verify(error)
    }
}

impl From<CatalogueError> for Failure {
    fn from(error: CatalogueError) -> Self {
        Self::Catalogue(error)
    }
}

impl From<PullError> for Failure {
    fn from(error: PullError) -> Self {
        Self::Pull(error)
    }
}

/// Why a call failed.
pub struct wdt_error {
    failure: Failure,
    detail: Detail,
    message: OnceLock<Text>,
    message_zh: OnceLock<Text>,
}

/// The texts that only some failures have.
enum Detail {
    None,
    Malformed { body: Text },
    Verify { check: Text, vendor_message: Text, vendor_status: i64 },
}

impl Detail {
    fn of(failure: &Failure) -> Self {
        match failure {
            Failure::Response(ResponseError::Malformed(error)) => {
                Self::Malformed { body: Text::new(error.head()) }
            }
            Failure::Exchange(error) => match &**error {
                ExchangeError::Malformed(error)
                | ExchangeError::Transport(TransportError {
                    outcome: Outcome::Malformed(error),
                    ..
                }) => Self::Malformed { body: Text::new(error.head()) },
                _ => Self::None,
            },
            Failure::Verify(error) => Self::Verify {
                check: Text::new(error.check()),
                vendor_message: Text::new(error.vendor_message()),
                vendor_status: error.status(),
            },
            _ => Self::None,
        }
    }
}

impl wdt_error {
    pub(crate) fn handle(failure: Failure) -> *mut Self {
        Box::into_raw(Box::new(Self {
            detail: Detail::of(&failure),
            failure,
            message: OnceLock::new(),
            message_zh: OnceLock::new(),
        }))
    }

    fn message(&self, language: Language) -> &Text {
        let place = match language {
            Language::Chinese => &self.message_zh,
            _ => &self.message,
        };
        place.get_or_init(|| Text::new(self.failure.text(language)))
    }
}

/// The status that the failed function returned. `WDT_OK` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_code(error: *const wdt_error) -> wdt_status {
    // SAFETY: NULL or alive, as the header asks.
    unsafe { error.as_ref() }.map_or(WDT_OK, |error| error.failure.code())
}

/// What failed and what to do, for people, in English; one line an issue. It never holds a secret.
/// NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_message(
    error: *const wdt_error,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_message(error, Language::English, len) }
}

/// The same in Chinese, with the same figures. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_message_zh(
    error: *const wdt_error,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give_message(error, Language::Chinese, len) }
}

/// # Safety
/// `error` is NULL or alive, `len` is NULL or a place for a length.
unsafe fn give_message(
    error: *const wdt_error,
    language: Language,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: the same contract.
    infallible(std::ptr::null(), || unsafe {
        give(error.as_ref().map(|error| error.message(language)), len)
    })
}

/// The issues of a `WDT_ERR_VALIDATION`, NULL for any other. Belongs to the error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_report(error: *const wdt_error) -> *const wdt_report {
    // SAFETY: NULL or alive.
    match unsafe { error.as_ref() }.map(|error| &error.failure) {
        Some(Failure::Validation(report)) => std::ptr::from_ref(report),
        _ => std::ptr::null(),
    }
}

/// The first bytes of the body of a `WDT_ERR_MALFORMED`, and of a `WDT_ERR_TRANSPORT` whose reply was no
/// reply of the platform's; NULL for any other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_body(error: *const wdt_error, len: *mut usize) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe {
        let body = match error.as_ref().map(|error| &error.detail) {
            Some(Detail::Malformed { body }) => Some(body),
            _ => None,
        };
        give(body, len)
    }
}

/// What is known of the call of a `WDT_ERR_TRANSPORT`; `WDT_FATE_NONE` for any other and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_fate(error: *const wdt_error) -> wdt_fate {
    // SAFETY: NULL or alive.
    let Some(Failure::Exchange(error)) = unsafe { error.as_ref() }.map(|error| &error.failure)
    else {
        return WDT_FATE_NONE;
    };
    match &**error {
        ExchangeError::Transport(TransportError { fate: Fate::NotSent, .. }) => WDT_FATE_NOT_SENT,
        ExchangeError::Transport(_) => WDT_FATE_UNKNOWN,
        _ => WDT_FATE_NONE,
    }
}

/// Which check a `WDT_ERR_VERIFY` is about ("wrong_signature", "stale_timestamp", …), NULL for any
/// other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_check(
    error: *const wdt_error,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe {
        let check = match error.as_ref().map(|error| &error.detail) {
            Some(Detail::Verify { check, .. }) => Some(check),
            _ => None,
        };
        give(check, len)
    }
}

/// The status that the vendor's server answers for a `WDT_ERR_VERIFY`, 0 for any other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_vendor_status(error: *const wdt_error) -> i64 {
    // SAFETY: NULL or alive.
    match unsafe { error.as_ref() }.map(|error| &error.detail) {
        Some(Detail::Verify { vendor_status, .. }) => *vendor_status,
        _ => 0,
    }
}

/// The message that the vendor's server answers for a `WDT_ERR_VERIFY`, NULL for any other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_vendor_message(
    error: *const wdt_error,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe {
        let message = match error.as_ref().map(|error| &error.detail) {
            Some(Detail::Verify { vendor_message, .. }) => Some(vendor_message),
            _ => None,
        };
        give(message, len)
    }
}

/// Frees an error. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_error_free(error: *mut wdt_error) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(error) }
}
