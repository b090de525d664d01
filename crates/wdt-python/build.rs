//! Lets the sources ask whether the Python that they are built for is free-threaded.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    pyo3_build_config::use_pyo3_cfgs();
}
