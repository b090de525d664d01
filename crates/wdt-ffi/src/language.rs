//! Which language the texts are to be read in.

use std::os::raw::c_char;

use wdt_proto::Language;

use crate::boundary::text;
use crate::outward::infallible;

/// A language that people read: one of the `WDT_LANGUAGE_` numbers.
pub type wdt_language = i32;

/// English: `wdt_error_message`, `wdt_report_message`.
pub const WDT_LANGUAGE_ENGLISH: wdt_language = 0;
/// Chinese: `wdt_error_message_zh`, `wdt_report_message_zh`.
pub const WDT_LANGUAGE_CHINESE: wdt_language = 1;

fn number(language: Language) -> wdt_language {
    match language {
        Language::Chinese => WDT_LANGUAGE_CHINESE,
        _ => WDT_LANGUAGE_ENGLISH,
    }
}

/// The language of a locale's name: Chinese for "zh", "zh_CN.UTF-8", "zh-Hans", English for all
/// others, NULL and bytes that are no UTF-8 among them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_language_of_locale(
    locale: *const c_char,
    locale_len: usize,
) -> wdt_language {
    infallible(WDT_LANGUAGE_ENGLISH, || {
        // SAFETY: the header asks for readable texts.
        let locale = unsafe { text(locale, locale_len, "locale") };
        locale.map_or(WDT_LANGUAGE_ENGLISH, |name| number(Language::of_locale(name)))
    })
}

/// The language that the person's environment asks for: of WDT_LANG, LC_ALL, LC_MESSAGES and LANG
/// the first that is set and not empty decides. It is read at each call, as getenv does: no other
/// thread may change the environment meanwhile.
#[unsafe(no_mangle)]
pub extern "C" fn wdt_language_of_environment() -> wdt_language {
    infallible(WDT_LANGUAGE_ENGLISH, || {
        number(Language::of_environment(|name| std::env::var(name).ok()))
    })
}
