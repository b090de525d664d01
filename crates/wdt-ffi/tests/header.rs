//! The committed header is what cbindgen makes of this crate. `make header` writes it anew.

use std::path::Path;

#[test]
fn the_header_is_up_to_date() {
    let krate = Path::new(env!("CARGO_MANIFEST_DIR"));
    let committed = krate.join("../../include/wdt.h");
    let mut generated = Vec::new();
    cbindgen::generate(krate).expect("cbindgen").write(&mut generated);
    if std::env::var_os("WDT_WRITE_HEADER").is_some() {
        std::fs::write(&committed, &generated).expect("include/wdt.h is writable");
    }
    let text = std::fs::read(&committed).unwrap_or_default();
    assert!(
        text == generated,
        "include/wdt.h differs from the sources: run `make header` and commit it"
    );
}
