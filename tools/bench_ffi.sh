#!/usr/bin/env bash
# Prints what the C boundary costs: wdt_request_build from C beside the same call in Rust.
set -euo pipefail
cd "$(dirname "$0")/.."

# A folder of its own: the exported Rust loop must not get into the libraries that are installed.
out=target/bench-ffi
cargo build --quiet --release --locked -p wdt-ffi --features bench-boundary --target-dir "$out"
ln -sf libwdt.so "$out/release/libwdt.so.0"
${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L -O2 -Wall -Wextra -Wpedantic -Werror -Iinclude \
	crates/wdt-ffi/ctests/bench.c -o "$out/bench" -L"$out/release" -lwdt
LD_LIBRARY_PATH=$out/release "$out/bench"
