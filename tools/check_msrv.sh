#!/usr/bin/env bash
# The stated minimum Rust version is true: the crates build with exactly that compiler.
# It comes from rustup where that has it, else, on Debian 12, from the package rustc-web, unpacked
# into .msrv without installing it.
set -euo pipefail
cd "$(dirname "$0")/.."

msrv=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
is_msrv() { "$1" --version 2> /dev/null | grep -q "^rustc $msrv\."; }

if is_msrv rustc; then
	rustc=rustc
elif command -v rustup > /dev/null && rustup toolchain list | grep -q "^$msrv"; then
	rustc=$(rustup which --toolchain "$msrv" rustc)
else
	rustc=$PWD/.msrv/bin/rustc
	if ! is_msrv "$rustc" && ! tools/fetch_debian_rust.sh "$msrv" .msrv; then
		echo "Rust $msrv is not here: run 'rustup toolchain install $msrv'" >&2
		exit 1
	fi
fi

RUSTC=$rustc cargo check --locked -p wdt-ffi -p wdt-proto -p wdt-python --target-dir target/msrv
echo "Rust $msrv, the stated minimum, builds wdt-ffi, wdt-proto and wdt-python"
