#!/usr/bin/env bash
# Line coverage of wdt-proto by its Rust tests, doc tests not counted; fails below the percentage given.
# cargo-llvm-cov goes into target/tools. The LLVM tools must not be older than the compiler's LLVM:
# they come from rustup (component llvm-tools) or from the system (Debian: llvm-22).
set -euo pipefail
cd "$(dirname "$0")/.."

least=${1:?usage: $0 PERCENT}
version=0.6.21
tools=$PWD/target/tools

if ! "$tools/bin/cargo-llvm-cov" llvm-cov --version 2> /dev/null | grep -q " $version$"; then
	cargo install cargo-llvm-cov --version "$version" --locked --quiet --root "$tools"
fi
export PATH=$tools/bin:$PATH

llvm=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
if ! compgen -G "$(rustc --print sysroot)/lib/rustlib/*/bin/llvm-cov" > /dev/null; then
	# Without apt-get: rustup component add llvm-tools.
	tools/need.sh "make coverage" "llvm-cov-$llvm" "llvm-$llvm"
	export LLVM_COV=llvm-cov-$llvm LLVM_PROFDATA=llvm-profdata-$llvm
fi

cargo llvm-cov -p wdt-proto --locked --show-missing-lines --fail-under-lines "$least" -- --quiet
