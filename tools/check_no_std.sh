#!/usr/bin/env bash
# wdt-proto and all crates below it need no `std`: a program without one, tools/no_std, links and does
# its work. And it would not link if `std` came in.
set -euo pipefail
cd "$(dirname "$0")/.."

build() { cargo build --quiet --locked --manifest-path tools/no_std/Cargo.toml --target-dir target/apart "$@"; }

build || { echo "a program without std cannot be built with wdt-proto: see above" >&2; exit 1; }
target/apart/debug/wdt-no-std || { echo "step $? of tools/no_std/src/main.rs went wrong" >&2; exit 1; }
# Error E0152: two panic handlers, ours and that of std.
if build --features stray-std 2> target/apart/stray-std.log || ! grep -q 'E0152.*`panic_impl`' target/apart/stray-std.log; then
	cat target/apart/stray-std.log >&2
	echo "tools/no_std does not notice std any more" >&2
	exit 1
fi
echo "wdt-proto links without std; with a stray std it would not"
