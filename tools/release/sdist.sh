#!/usr/bin/env bash
# Packs the Python source distribution into target/dist.
set -euo pipefail
. "$(dirname "$0")/env.sh"

mkdir -p "$dist"
rm -f "$dist"/wdt_proto-*.tar.gz
maturin sdist --out "$dist"
