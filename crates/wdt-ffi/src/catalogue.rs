//! The catalogue of the platform's methods.

use std::os::raw::c_char;
use std::sync::Arc;

use wdt_proto::catalogue::Catalogue;

use crate::boundary::{clear, exclusive, fallible, hand_out, text};
use crate::error::{wdt_error, wdt_status};
use crate::outward::{Text, free, give};

/// The built-in methods and those that the program registered.
pub struct wdt_catalogue {
    /// Options share it.
    pub(crate) inner: Arc<Catalogue>,
    methods: Vec<Row>,
}

struct Row {
    name: Text,
    title: Text,
    is_documented: bool,
    is_paged: bool,
    writes: bool,
}

impl wdt_catalogue {
    fn new(inner: Catalogue) -> Self {
        let mut methods: Vec<_> = inner.methods().collect();
        methods.sort_by_key(|method| method.name());
        let methods = methods
            .into_iter()
            .map(|method| Row {
                name: Text::new(method.name()),
                title: Text::new(method.title()),
                is_documented: method.is_documented(),
                is_paged: method.is_paged(),
                writes: method.writes(),
            })
            .collect();
        Self { inner: Arc::new(inner), methods }
    }
}

/// Makes a catalogue of the built-in methods.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_catalogue_new(
    out: *mut *mut wdt_catalogue,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: the header asks for a place.
        unsafe {
            clear(out)?;
            hand_out(out, wdt_catalogue::new(Catalogue::new()));
        }
        Ok(())
    })
}

/// Adds a method from the text of a catalogue file; one of the same name is replaced. Texts that
/// the catalogue gave out before are no longer valid.
///
/// `WDT_ERR_CATALOGUE` names the field or the place in the text; `WDT_ERR_NULL`; `WDT_ERR_UTF8`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_catalogue_register(
    catalogue: *mut wdt_catalogue,
    json: *const c_char,
    json_len: usize,
    error: *mut *mut wdt_error,
) -> wdt_status {
    fallible(error, || {
        // SAFETY: NULL or alive and used by nobody else; readable texts.
        let (catalogue, json) =
            unsafe { (exclusive(catalogue, "catalogue"), text(json, json_len, "json")?) };
        let catalogue = catalogue?;
        let mut inner = Catalogue::clone(&catalogue.inner);
        inner.register(json)?;
        *catalogue = wdt_catalogue::new(inner);
        Ok(())
    })
}

/// How many methods there are. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_catalogue_len(catalogue: *const wdt_catalogue) -> usize {
    // SAFETY: NULL or alive.
    unsafe { catalogue.as_ref() }.map_or(0, |catalogue| catalogue.methods.len())
}

/// The place of the method of this name, sorted by name, from 0; `SIZE_MAX` where there is none,
/// for NULL and for a name that is no UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_catalogue_find(
    catalogue: *const wdt_catalogue,
    name: *const c_char,
    name_len: usize,
) -> usize {
    // SAFETY: NULL or alive; readable texts.
    let found = unsafe {
        let (catalogue, name) = (catalogue.as_ref(), text(name, name_len, "name"));
        catalogue.zip(name.ok()).and_then(|(catalogue, name)| {
            let with_nul = Text::new(name);
            catalogue.methods.binary_search_by(|row| row.name.cmp(&with_nul)).ok()
        })
    };
    found.unwrap_or(usize::MAX)
}

/// The name of method `index`. NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_catalogue_name(
    catalogue: *const wdt_catalogue,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(row(catalogue, index).map(|row| &row.name), len) }
}

/// The vendor's title of method `index`. NULL for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_catalogue_title(
    catalogue: *const wdt_catalogue,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: NULL or alive; NULL or a place for a length.
    unsafe { give(row(catalogue, index).map(|row| &row.title), len) }
}

/// Whether the arguments of method `index` are documented; those of the others are not checked.
/// `false` for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_catalogue_documented(
    catalogue: *const wdt_catalogue,
    index: usize,
) -> bool {
    // SAFETY: NULL or alive.
    unsafe { row(catalogue, index) }.is_some_and(|row| row.is_documented)
}

/// Whether method `index` is paged. `false` for NULL and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_catalogue_paged(
    catalogue: *const wdt_catalogue,
    index: usize,
) -> bool {
    // SAFETY: NULL or alive.
    unsafe { row(catalogue, index) }.is_some_and(|row| row.is_paged)
}

/// Whether a call of method `index` may change something on the platform, so that it must not be
/// repeated blindly. `true` for NULL and past the end: what is not known may write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_catalogue_writes(
    catalogue: *const wdt_catalogue,
    index: usize,
) -> bool {
    // SAFETY: NULL or alive.
    unsafe { row(catalogue, index) }.is_none_or(|row| row.writes)
}

/// Frees a catalogue. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wdt_catalogue_free(catalogue: *mut wdt_catalogue) {
    // SAFETY: NULL or alive and not freed before.
    unsafe { free(catalogue) }
}

unsafe fn row<'c>(catalogue: *const wdt_catalogue, index: usize) -> Option<&'c Row> {
    // SAFETY: by contract NULL or alive.
    unsafe { catalogue.as_ref() }?.methods.get(index)
}
