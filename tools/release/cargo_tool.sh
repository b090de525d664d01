#!/usr/bin/env bash
# Runs a subcommand of Cargo's that is not part of it; the first time it is compiled into .tools.
# usage: tools/release/cargo_tool.sh about|deny ARGUMENTS…
set -euo pipefail
cd "$(dirname "$0")/../.."

tool=$1
case $tool in
about) version=0.9.3 features=cli ;;
deny) version=0.20.2 features= ;;
*) echo "$0 knows no $tool" >&2; exit 2 ;;
esac
if ! ".tools/bin/cargo-$tool" --version 2> /dev/null | grep -q " $version\$"; then
	echo "Compiling cargo-$tool $version into .tools, once; this takes some minutes" >&2
	env -u CARGO_ENCODED_RUSTFLAGS -u CARGO_TARGET_DIR \
		cargo install --quiet --locked --root .tools --version "$version" --features "$features" "cargo-$tool"
fi
shift
exec ".tools/bin/cargo-$tool" "$@"
