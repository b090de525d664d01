#!/usr/bin/env bash
# The Python module compiles for a free-threaded CPython, with clippy's warnings denied. No such
# interpreter is needed for that: PyO3 is told of one.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p target
for version in 3.14 3.15; do
	config=$PWD/target/pyo3-$version-freethreaded.txt
	printf '%s\n' implementation=CPython "version=$version" shared=true target_abi="CPython-free_threaded-$version" \
		build_flags=Py_GIL_DISABLED pointer_width=64 suppress_build_script_link_lines=false > "$config"
	PYO3_CONFIG_FILE=$config cargo clippy --quiet --locked -p wdt-python --no-default-features \
		--target-dir "target/freethreaded" -- -D warnings
	echo "wdt-python compiles for CPython ${version}t"
done
