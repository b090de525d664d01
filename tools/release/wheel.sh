#!/usr/bin/env bash
# Builds the wheel into target/dist. On Linux zig links it against an old C library, so that one
# wheel serves every distribution of the last ten years.
# usage: [TARGET=aarch64-unknown-linux-gnu] [INTERPRETER=python3.14t] tools/release/wheel.sh
set -euo pipefail
. "$(dirname "$0")/env.sh"

flags=(--release --locked --target "$target" --out "$dist")
case $target in
*-linux-gnu) flags+=(--zig --compatibility manylinux2014) ;;
*-linux-musl) flags+=(--zig --compatibility musllinux_1_2) ;;
esac
# A free-threaded CPython has no stable ABI before 3.15.
if [ -n "${INTERPRETER:-}" ]; then flags+=(--no-default-features --interpreter "$INTERPRETER"); fi

mkdir -p "$dist"
rm -f "$dist"/wdt_proto-*.whl
maturin build "${flags[@]}"
