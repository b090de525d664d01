//! Gives the shared library its SONAME.

fn main() {
    // The number goes up with every change that breaks a program linked before it.
    let os = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    if os == "linux" || os == "freebsd" || os == "android" {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libwdt.so.0");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
