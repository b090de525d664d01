#!/usr/bin/env bash
# Builds a wheel into target/dist: of the package wdt-proto, or of the program wdt-sandbox. On Linux
# zig links it against an old C library, so that it serves every distribution of the last ten years.
# usage: [TARGET=aarch64-unknown-linux-gnu] [INTERPRETER=python3.14t] tools/release/wheel.sh [wdt-sandbox]
set -euo pipefail
. "$(dirname "$0")/env.sh"
project=${1:-wdt-proto}

flags=(--release --locked --target "$target" --out "$dist")
case $target in
*-linux-gnu) flags+=(--zig --compatibility manylinux2014) ;;
*-linux-musl) flags+=(--zig --compatibility musllinux_1_2) ;;
esac
case $project in
wdt-proto)
	# A free-threaded CPython has no stable ABI before 3.15.
	if [ -n "${INTERPRETER:-}" ]; then flags+=(--no-default-features --interpreter "$INTERPRETER"); fi
	;;
wdt-sandbox) flags+=(--manifest-path crates/wdt-sandbox/Cargo.toml) ;;
*) fail "there is no wheel of $project" ;;
esac

mkdir -p "$dist"
rm -f "$dist/${project/-/_}"-*.whl
maturin build "${flags[@]}"
