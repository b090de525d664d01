#!/usr/bin/env bash
# Builds a wheel into target/dist: of the package wdt-proto for every CPython or for one alone (a
# command, or a version that need not be here: 3.14t), or of the program wdt-sandbox. On Linux zig
# links it against an old C library, so that it serves every distribution of the last ten years.
# usage: [TARGET=aarch64-unknown-linux-gnu] tools/release/wheel.sh abi3|PYTHON|wdt-sandbox
set -euo pipefail
. "$(dirname "$0")/env.sh"
[ $# = 1 ] || fail "which wheel: abi3, an interpreter, or wdt-sandbox?"

flags=(--release --locked --target "$target" --out "$dist")
case $target in
*-linux-gnu) flags+=(--zig --compatibility manylinux2014) ;;
*-linux-musl) flags+=(--zig --compatibility musllinux_1_2) ;;
esac
case $1 in
abi3) old='wdt_proto-*-abi3-*.whl' ;;
wdt-sandbox) old='wdt_sandbox-*.whl' flags+=(--manifest-path crates/wdt-sandbox/Cargo.toml) ;;
*) old='wdt_proto-*-cp*-cp*.whl' flags+=(--no-default-features --interpreter "$1") ;;
esac

mkdir -p "$dist"
find "$dist" -name "$old" -delete
maturin build "${flags[@]}"
