#!/usr/bin/env bash
# Runs the vectors and the thread tests on a wheel that is unpacked elsewhere, not on this folder's module.
# usage: tools/release/vectors.sh WHEEL
set -euo pipefail
. "$(dirname "$0")/env.sh"
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
python -m zipfile -e "$1" "$unpacked"

cd "$unpacked"
export PYTHONPATH=$unpacked
found=$(python -c 'import wdt_proto; print(wdt_proto._native.__file__)')
[[ $found = $unpacked/* ]] || fail "the tests would import $found"
python -m pytest -q -p no:cacheprovider -c "$root/pyproject.toml" --rootdir "$root" \
	"$root/python/tests/test_vectors.py" "$root/python/tests/test_threads.py"
echo "$(basename "$1"): passes the vectors"
