//! What the vendor documents of every method: names, types, limits, codes.
//!
//! The data lie in the crate's `catalogue/` folder, one JSON file a method, and are compiled in as
//! static tables: nothing is parsed at start, a look-up allocates nothing.
//!
//! ```
//! use wdt_proto::catalogue::{self, Kind};
//!
//! let method = catalogue::method("sales.StockSync.syncFail").unwrap();
//! assert_eq!(method.title(), "库存同步失败");
//! let info = method.params().nth(1).unwrap();
//! let field = info.fields().find(|field| field.name() == "syn_stock").unwrap();
//! assert_eq!(field.label(), "最后同步库存量");
//! assert_eq!(field.kind(), Kind::Decimal { precision: 19, scale: 4 });
//! ```

mod compile;
mod error;
mod field;
mod kind;
mod query;
mod similar;
mod tables;

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use compile::{Builder, MethodFile};
pub use error::CatalogueError;
use error::Reason;
pub use field::{Code, Field};
pub use kind::Kind;
pub(crate) use kind::{Layout, Scalar};
pub use query::{Failures, Span};
pub(crate) use similar::most_similar;
use tables::{RawCode, RawField, RawMethod, Slice, Tables, hash, method_flag};
// The compiled-in tables name these.
#[allow(unused_imports)]
use tables::{RawExtra, RawFailures, RawQuery, RawSpan};

static BUILTIN: Tables = {
    #[allow(clippy::enum_glob_use)] // the tables' `Debug` text names the variants alone
    use {Kind::*, Layout::*};
    include!(concat!(env!("OUT_DIR"), "/catalogue.rs"))
};

/// The documented replies of each built-in method, sorted by its name.
#[cfg(feature = "examples")]
static EXAMPLES: &[(&str, &[&str])] = include!(concat!(env!("OUT_DIR"), "/examples.rs"));

/// All built-in methods, sorted by name.
///
/// ```
/// use wdt_proto::catalogue;
///
/// let own: Vec<&str> = catalogue::methods()
///     .filter(|method| method.is_own_platform_only() && method.title().contains("库存同步"))
///     .map(|method| method.name())
///     .collect();
/// assert!(own.contains(&"sales.StockSync.syncFail"));
/// ```
#[must_use]
pub fn methods() -> impl ExactSizeIterator<Item = Method<'static>> {
    BUILTIN.methods.iter().map(|raw| Method { tables: &BUILTIN, raw })
}

/// The built-in method of this name, found in less than a tenth of a microsecond.
///
/// ```
/// use wdt_proto::catalogue;
///
/// let method = catalogue::method("goods.Goods.queryWithSpec").unwrap();
/// assert!(method.is_paged() && !method.writes());
/// assert!(catalogue::method("goods.Goods.query_with_spec").is_none());
/// ```
#[must_use]
pub fn method(name: &str) -> Option<Method<'static>> {
    BUILTIN.find(name)
}

/// The built-in methods and those that you register: methods that the vendor has added since, or
/// documents otherwise for you.
///
/// ```
/// use wdt_proto::catalogue::Catalogue;
///
/// let mut catalogue = Catalogue::new();
/// catalogue.register(r#"{"method": "my.Method.call", "title": "我的接口", "documented": true,
///     "params": [{"name": "no", "label": "编号", "type": "string(40)", "required": true}]}"#)?;
/// assert_eq!(catalogue.method("my.Method.call").unwrap().params().len(), 1);
/// assert!(catalogue.method("sales.StockSync.syncFail").is_some());
/// # Ok::<(), wdt_proto::catalogue::CatalogueError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    registered: Vec<Tables>,
}

impl Catalogue {
    /// The built-in methods alone.
    #[must_use]
    pub const fn new() -> Self {
        Self { registered: Vec::new() }
    }

    /// Adds a method from the text of a catalogue file (`catalogue/schema/method.schema.json` has
    /// the format); one of the same name is replaced.
    ///
    /// # Errors
    /// [`CatalogueError`] names the field or the place in the text.
    pub fn register(&mut self, json: &str) -> Result<(), CatalogueError> {
        let file: MethodFile = serde_json::from_str(json).map_err(|error| CatalogueError {
            at: String::new(),
            reason: Reason::NotAMethod(error.to_string()),
        })?;
        let mut builder = Builder::default();
        builder.add(&file)?;
        let tables = builder.finish();
        self.registered.retain(|old| !same_method(old, &tables));
        self.registered.push(tables);
        Ok(())
    }

    /// The method of this name; a registered one hides a built-in one.
    #[must_use]
    pub fn method(&self, name: &str) -> Option<Method<'_>> {
        self.registered.iter().find_map(|tables| tables.find(name)).or_else(|| method(name))
    }

    /// Whether a call of this method may change something on the platform; one that is not known may.
    ///
    /// ```
    /// use wdt_proto::catalogue::Catalogue;
    ///
    /// let catalogue = Catalogue::new();
    /// let writes = ["sales.StockSync.syncFail", "system.Core.now", "not.Known.yet"]
    ///     .map(|name| catalogue.writes(name));
    /// assert_eq!(writes, [true, false, true]);
    /// ```
    #[must_use]
    pub fn writes(&self, name: &str) -> bool {
        self.method(name).is_none_or(Method::writes)
    }

    /// The method whose name a misspelt one resembles: the same but for case and underscores, or at
    /// most two letters off.
    ///
    /// ```
    /// use wdt_proto::catalogue::Catalogue;
    ///
    /// let catalogue = Catalogue::new();
    /// let meant = catalogue.similar("sales.StockSync.sync_fial").unwrap();
    /// assert_eq!(meant.name(), "sales.StockSync.syncFail");
    /// ```
    #[must_use]
    pub fn similar(&self, name: &str) -> Option<Method<'_>> {
        most_similar(name, self.methods().map(Method::name)).and_then(|name| self.method(name))
    }

    /// All methods: the registered ones, then the built-in ones that none of them hides.
    pub fn methods(&self) -> impl Iterator<Item = Method<'_>> {
        let registered = self
            .registered
            .iter()
            .flat_map(|tables| tables.methods.iter().map(move |raw| Method { tables, raw }));
        let hidden = |name: &str| self.registered.iter().any(|tables| tables.find(name).is_some());
        let builtin = BUILTIN.methods.iter().map(|raw| Method { tables: &BUILTIN, raw });
        registered.chain(builtin.filter(move |method| !hidden(method.name())))
    }
}

fn same_method(a: &Tables, b: &Tables) -> bool {
    a.methods.iter().all(|raw| b.find(a.text(raw.name)).is_some())
}

/// A method of the catalogue.
#[derive(Clone, Copy)]
pub struct Method<'c> {
    tables: &'c Tables,
    raw: &'c RawMethod,
}

impl<'c> Method<'c> {
    /// The name on the wire: `sales.StockSync.syncFail`.
    #[must_use]
    pub fn name(self) -> &'c str {
        self.tables.text(self.raw.name)
    }

    /// The vendor's title: 库存同步失败.
    #[must_use]
    pub fn title(self) -> &'c str {
        self.tables.text(self.raw.title)
    }

    /// The vendor's category (订单类, …); empty where none is known.
    #[must_use]
    pub fn category(self) -> &'c str {
        self.tables.text(self.raw.category)
    }

    /// The platform version that brought the method; empty where none is known.
    #[must_use]
    pub fn since(self) -> &'c str {
        self.tables.text(self.raw.since)
    }

    /// Whether its arguments are documented. Those of a method known by its name only are not
    /// checked.
    #[must_use]
    pub fn is_documented(self) -> bool {
        self.has(method_flag::DOCUMENTED)
    }

    /// Whether a call may change something on the platform: whoever does not know whether such a
    /// call arrived must not repeat it blindly. A method that the catalogue does not know has to be
    /// taken for one that does.
    ///
    /// ```
    /// use wdt_proto::catalogue;
    ///
    /// let writes = |name| catalogue::method(name).is_none_or(|method| method.writes());
    /// assert!(writes("sales.StockSync.syncFail"));
    /// assert!(!writes("sales.StockSync.calcStock"));
    /// assert!(writes("no.such.method"));
    /// ```
    #[must_use]
    pub fn writes(self) -> bool {
        self.has(method_flag::WRITES)
    }

    /// Whether it takes a [`Pager`](crate::Pager).
    #[must_use]
    pub fn is_paged(self) -> bool {
        self.has(method_flag::PAGED)
    }

    /// Whether it is for merchants whose shop is their own platform (自有平台).
    #[must_use]
    pub fn is_own_platform_only(self) -> bool {
        self.has(method_flag::OWN_PLATFORM_ONLY)
    }

    /// Whether it is for merchants on Qimen (奇门) only.
    #[must_use]
    pub fn is_qimen_only(self) -> bool {
        self.has(method_flag::QIMEN_ONLY)
    }

    /// The method that the vendor wants called instead; empty where there is none.
    #[must_use]
    pub fn replaced_by(self) -> &'c str {
        self.tables.text(self.raw.replaced_by)
    }

    /// The largest `page_size`, where one is documented.
    #[must_use]
    pub fn page_size_max(self) -> Option<u32> {
        some_unless_zero(self.raw.page_size_max)
    }

    /// The `page_size` that the vendor advises.
    #[must_use]
    pub fn page_size_advised(self) -> Option<u32> {
        some_unless_zero(self.raw.page_size_advised)
    }

    /// The longest span between start and end time of one query, in minutes.
    #[must_use]
    pub fn max_span_minutes(self) -> Option<u32> {
        some_unless_zero(self.raw.max_span_minutes)
    }

    /// How many documents one call may carry.
    #[must_use]
    pub fn max_batch(self) -> Option<u32> {
        some_unless_zero(self.raw.max_batch)
    }

    /// The positional arguments, in order.
    #[must_use]
    pub fn params(self) -> impl ExactSizeIterator<Item = Field<'c>> {
        self.tables.fields(self.raw.params).iter().map(move |raw| Field::new(self.tables, raw))
    }

    /// The reply's top-level fields: `status`, `message`, `data`, ….
    #[must_use]
    pub fn response(self) -> impl ExactSizeIterator<Item = Field<'c>> {
        self.tables.fields(self.raw.response).iter().map(move |raw| Field::new(self.tables, raw))
    }

    /// The replies that the page shows, each as compact JSON text with its numbers as written:
    /// successes and refusals alike. Needs the feature `examples`; empty for a registered method.
    ///
    /// ```
    /// let method = wdt_proto::catalogue::method("sales.StockSync.cancelSync").unwrap();
    /// assert_eq!(method.example_replies()[0], r#"{"status":0}"#);
    /// ```
    #[cfg(feature = "examples")]
    #[must_use]
    pub fn example_replies(self) -> &'static [&'static str] {
        if !core::ptr::eq(self.tables, &raw const BUILTIN) {
            return &[];
        }
        let found = EXAMPLES.binary_search_by_key(&self.name(), |(name, _)| name);
        found.ok().and_then(|at| EXAMPLES.get(at)).map_or(&[], |(_, replies)| replies)
    }

    fn has(self, flag: u16) -> bool {
        self.raw.flags & flag != 0
    }
}

impl fmt::Debug for Method<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Method").field(&self.name()).finish()
    }
}

fn some_unless_zero(n: u32) -> Option<u32> {
    (n > 0).then_some(n)
}

impl Tables {
    fn find(&self, name: &str) -> Option<Method<'_>> {
        let name = name.as_bytes();
        let mask = self.slots.len() - 1;
        let mut slot = hash(name) & mask;
        // Half of the slots are empty, so this ends.
        loop {
            let place = usize::from(*self.slots.get(slot)?).checked_sub(1)?;
            let raw = self.methods.get(place)?;
            if self.bytes(raw.name) == name {
                return Some(Method { tables: self, raw });
            }
            slot = (slot + 1) & mask;
        }
    }

    fn text(&self, slice: Slice) -> &str {
        self.text.get(range(slice)).unwrap_or_default()
    }

    /// The same as bytes, to be compared: no character boundaries to check.
    fn bytes(&self, slice: Slice) -> &[u8] {
        self.text.as_bytes().get(range(slice)).unwrap_or_default()
    }

    fn fields(&self, slice: Slice) -> &[RawField] {
        self.fields.get(range(slice)).unwrap_or_default()
    }

    fn codes(&self, slice: Slice) -> &[RawCode] {
        self.codes.get(range(slice)).unwrap_or_default()
    }
}

fn range(slice: Slice) -> core::ops::Range<usize> {
    let start = slice.start as usize;
    start..start + slice.len as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The promise for a stripped shared library; the tables hold no pointers but these eight, so
    /// their size is what they add to it.
    #[test]
    fn all_methods_together_stay_below_2_mib() {
        let tables = &BUILTIN;
        let bytes = tables.text.len()
            + size_of_val(&*tables.methods)
            + size_of_val(&*tables.slots)
            + size_of_val(&*tables.fields)
            + size_of_val(&*tables.codes)
            + size_of_val(&*tables.extras)
            + size_of_val(&*tables.queries)
            + size_of_val(&*tables.failures);
        assert!(bytes < 2 << 20, "{bytes} bytes");
    }
}
