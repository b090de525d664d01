//! Memory that held a secret is wiped before it is given back.
//!
//! The strongest look there is: the allocator of this program searches every block that is freed or
//! moved, so no copy that was ever made escapes it, temporary ones included. What the caller's own
//! program holds (here: a constant) is the caller's.
//!
//! In an optimised build the dead stack is read behind the calls as well. There safe code can promise
//! less: it wipes what it owns and writes zeros where MD5 ran, but registers that a compiler spills
//! are the compiler's. Without optimisation frames are many times larger, and not searched.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::ptr::{null, null_mut};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use wdt::credentials::{wdt_credentials_free, wdt_credentials_new};
use wdt::request::{wdt_request_build, wdt_request_free};
use wdt::sign::{wdt_explain, wdt_explanation_free};
use wdt_proto::{AppSecret, Credentials, Lookup, Request, Timestamp, sign, verify};

/// Eight bytes that stand in no program by chance. The secret is made of nothing else, so any 15
/// bytes of it show them.
const MARK: [u8; 8] = *b"S3kr!t~#";
const SECRET: &str =
    "S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#";
const APP_SECRET: &str =
    "S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#:salt";
const NOW: i64 = 1_775_791_716;

/// Freed blocks that still held a mark.
static FOUND: AtomicUsize = AtomicUsize::new(0);

/// The tests count in turn: there is one allocator.
static TURN: Mutex<()> = Mutex::new(());

struct Searching;

impl Searching {
    /// # Safety
    /// The block must be alive. Bytes that were never written are read too: what they hold is
    /// what an attacker would find.
    unsafe fn search(block: *const u8, len: usize) {
        let byte = |at: usize| {
            // SAFETY: the caller's block; volatile, so nothing is assumed about its content.
            unsafe { block.add(at).read_volatile() }
        };
        let marked = |at: &usize| MARK.iter().enumerate().all(|(i, mark)| byte(at + i) == *mark);
        if (0..(len + 1).saturating_sub(MARK.len())).any(|at| marked(&at)) {
            FOUND.fetch_add(1, Ordering::Relaxed);
        }
    }
}

// SAFETY: the system's allocator does the work.
unsafe impl GlobalAlloc for Searching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // Zeros: a block must not show what its former owner, outside this library, left there.
        // SAFETY: as the caller's.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is alive until the second line.
        unsafe {
            Self::search(block, layout.size());
            System.dealloc(block, layout);
        }
    }

    // `realloc` is the trait's: a new block, a copy, and `dealloc` of the old one, searched.
}

#[global_allocator]
static ALLOCATOR: Searching = Searching;

/// Whether this is the library as it is shipped: `cargo test --release`.
const OPTIMISED: bool = !cfg!(debug_assertions);

/// How many freed blocks held a mark, and whether the dead stack does.
fn left_behind(run: impl FnOnce()) -> (usize, bool) {
    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    FOUND.store(0, Ordering::Relaxed);
    wash_stack();
    below(run);
    let on_stack = OPTIMISED && stack_shows_a_mark();
    (FOUND.load(Ordering::Relaxed), on_stack)
}

/// Runs far enough down the stack that the reader's own frame does not hide what is left there.
#[inline(never)]
fn below(run: impl FnOnce()) {
    let room = black_box([0_u8; 4096]);
    run();
    black_box(&room);
}

const DEPTH: usize = 16 << 10;

#[inline(never)]
fn wash_stack() {
    black_box([0_u8; DEPTH]);
}

#[inline(never)]
fn stack_shows_a_mark() -> bool {
    let here = 0_u8;
    let bottom = (&raw const here).wrapping_sub(DEPTH);
    let byte = |at: usize| {
        // SAFETY: the stack below this frame, washed above and so mapped; nobody owns it.
        unsafe { bottom.wrapping_add(at).read_volatile() }
    };
    (0..DEPTH - 1024).any(|at| {
        let mark = black_box(MARK);
        (0..MARK.len()).all(|i| byte(at + i) == mark[i])
    })
}

/// No block that was freed with a mark in it, no mark on the stack.
const NOTHING: (usize, bool) = (0, false);

#[test]
fn the_search_finds_what_is_not_wiped() {
    let (heap, stack) = left_behind(|| drop(black_box(String::from(SECRET))));
    assert_eq!((heap, stack), (1, false));
    let grown = left_behind(|| {
        let mut text = black_box(String::with_capacity(SECRET.len()));
        text.push_str(SECRET);
        text.push_str(&"x".repeat(1 << 20));
        black_box(&text);
    });
    assert_eq!(grown.0, 2, "the block that was outgrown, and the last one");
    let on_stack = left_behind(|| {
        let mut copy = [0_u8; 64];
        copy.copy_from_slice(&SECRET.as_bytes()[..64]);
        black_box(&mut copy);
    });
    assert_eq!(on_stack, (0, OPTIMISED));
}

#[test]
fn rust_from_new_to_drop() {
    let now = Timestamp::from_unix(NOW).unwrap();
    let left = left_behind(|| {
        let credentials = Credentials::new("wdtapi3", "appkey", black_box(APP_SECRET)).unwrap();
        let other = credentials.clone();
        let request = Request::builder("system.Core.now").raw_body("[]").unwrap();
        black_box(request.explain(&other, now));
        let signed = request.sign(&credentials, now);
        black_box(format!("{credentials:?} {signed:?}"));
        let look_up = |_: &str, _: &str| Lookup::Found(AppSecret::parse(APP_SECRET).unwrap());
        verify(signed.query(), signed.body(), look_up, now).unwrap();
        let wrong = |_: &str, _: &str| Lookup::Found(AppSecret::parse("other:salt").unwrap());
        verify(signed.query(), signed.body(), wrong, now).unwrap_err();
        drop((credentials, other));
    });
    assert_eq!(left, NOTHING);
}

/// MD5 works in blocks of 64 bytes and keeps the rest in a buffer: secrets on both sides of them.
#[test]
fn the_buffers_of_md5() {
    for len in [16, 32, 40, 56, 64, 72, 88] {
        let secret = SECRET.get(..len).unwrap();
        let left = left_behind(|| {
            black_box(sign(secret, [("body", "[]"), ("sid", "wdtapi3")]));
        });
        assert_eq!(left, NOTHING, "{len} bytes");
    }
}

#[test]
fn rust_credentials_that_are_refused() {
    let left = left_behind(|| {
        for bad in [
            SECRET,
            concat!("S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#", "\n:salt"),
            concat!("S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#", ":"),
            concat!("S3kr!t~#S3kr!t~#S3kr!t~#S3kr!t~#", ":salt\n"),
        ] {
            let error = Credentials::new("wdtapi3", "appkey", black_box(bad)).unwrap_err();
            black_box(format!("{error} {error:?}"));
        }
    });
    assert_eq!(left, NOTHING);
}

#[test]
fn c_from_new_to_free() {
    let c = |text: &'static str| (text.as_ptr().cast(), text.len());
    let left = left_behind(|| {
        let ((sid, sid_len), (key, key_len)) = (c("wdtapi3"), c("appkey"));
        let (secret, secret_len) = c(APP_SECRET);
        let ((method, method_len), (body, body_len)) = (c("system.Core.now"), c("[]"));
        let (mut credentials, mut request, mut explanation) = (null_mut(), null_mut(), null_mut());
        // SAFETY: texts of the program, places on the stack, handles that are alive.
        unsafe {
            wdt_credentials_new(
                sid,
                sid_len,
                key,
                key_len,
                secret,
                secret_len,
                &raw mut credentials,
                null_mut(),
            );
            wdt_request_build(
                credentials,
                method,
                method_len,
                body,
                body_len,
                NOW,
                null(),
                null(),
                &raw mut request,
                null_mut(),
            );
            wdt_explain(
                credentials,
                method,
                method_len,
                body,
                body_len,
                NOW,
                null(),
                &raw mut explanation,
                null_mut(),
            );
            assert!(!credentials.is_null() && !request.is_null() && !explanation.is_null());
            wdt_explanation_free(explanation);
            wdt_request_free(request);
            wdt_credentials_free(credentials);
        }
    });
    assert_eq!(left, NOTHING);
}
