//! Builds, signs, checks and reads with wdt-proto where there is no `std`: the allocator, the panic
//! handler and the entry point are this program's own. Were `std` linked, its panic handler would be a
//! second one, and the compiler refuses two.
//!
//! The exit code is the number of the step that went wrong, 0 for none.
#![no_std]
#![no_main]

// What the feature is for: tools/check_no_std.sh sees that this does not link.
#[cfg(feature = "stray-std")]
extern crate std;

use core::alloc::{GlobalAlloc, Layout};
use core::ffi::{c_int, c_void};
use core::panic::PanicInfo;

use wdt_proto::{Credentials, ErrorKind, Pager, Request, Response, ResponseError, Timestamp};

#[link(name = "c")]
unsafe extern "C" {
    fn aligned_alloc(align: usize, size: usize) -> *mut c_void;
    fn free(pointer: *mut c_void);
    fn abort() -> !;
}

struct Malloc;

// SAFETY: the C library's memory is of the size and alignment that were asked for, null where there is
// none, and belongs to the caller until it is freed. (C11 wants a size that is a multiple of the alignment.)
unsafe impl GlobalAlloc for Malloc {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: an alignment is a power of two; the padded size fits, as Layout promises.
        unsafe { aligned_alloc(layout.align(), layout.pad_to_align().size()).cast() }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, _: Layout) {
        // SAFETY: the caller gives back what `alloc` gave.
        unsafe { free(pointer.cast()) }
    }
}

#[global_allocator]
static MALLOC: Malloc = Malloc;

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    // SAFETY: it may be called at any time.
    unsafe { abort() }
}

/// `alloc` is compiled with unwinding and names this and the next; with `panic = "abort"` nothing calls them.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

#[unsafe(no_mangle)]
extern "C" fn _Unwind_Resume() {}

/// The first vectors of crates/wdt-proto/testdata, and one of each other thing that the crate does.
fn steps() -> Result<(), c_int> {
    let credentials =
        Credentials::new("wdtapi3", "wdt_test", "testsecret:testsalt").map_err(|_| 1)?;
    let now = Timestamp::from_unix(1_775_791_716).map_err(|_| 2)?;

    let signed =
        Request::builder("system.Core.now").raw_args(&[]).map_err(|_| 3)?.sign(&credentials, now);
    check(signed.signature().as_str() == "c9053525ed8fc05e3263c8d7210060ca", 4)?;
    let url = signed.url("https://erp.example").map_err(|_| 5)?;
    check(url.ends_with("c9053525ed8fc05e3263c8d7210060ca"), 6)?;

    let paged = Request::builder("goods.Goods.queryWithSpec")
        .pager(Pager::new(100, 0).map_err(|_| 7)?)
        .args(&[[("goods_no", "A1")]]);
    // A pair is a list, and the method wants an object: the catalogue is asked.
    check(paged.is_err(), 8)?;

    let reply = Response::parse(br#"{"status":0,"data":{"stock":999999999999999.9999}}"#);
    check(reply.map_err(|_| 9)?.data() == Some(r#"{"stock":999999999999999.9999}"#), 10)?;
    match Response::parse(r#"{"status":1,"message":"验证失败"}"#.as_bytes()) {
        Err(ResponseError::Api(error)) => check(error.kind == ErrorKind::Authentication, 11),
        _ => Err(12),
    }
}

fn check(right: bool, step: c_int) -> Result<(), c_int> {
    if right { Ok(()) } else { Err(step) }
}

/// What the C library's start calls.
#[unsafe(no_mangle)]
extern "C" fn main() -> c_int {
    steps().err().unwrap_or(0)
}
