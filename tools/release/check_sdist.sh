#!/usr/bin/env bash
# The source distribution, unpacked elsewhere, builds with nothing but maturin and Cargo's
# downloads; what was built passes the vectors and the thread tests.
# usage: tools/release/check_sdist.sh
set -euo pipefail
. "$(dirname "$0")/env.sh"
archives=("$dist"/wdt_proto-*.tar.gz)
[ ${#archives[@]} = 1 ] && [ -f "${archives[0]}" ] || fail "there is no sdist in $dist: run make sdist"

# It holds sources, the catalogue, notices and the stubs; no tests, benchmarks or tools.
unwanted=$(tar -tzf "${archives[0]}" | grep -E '/(tests|testdata|benches|tools|docs|examples|include|\.ci|\.github)/|\.so$' || true)
[ -z "$unwanted" ] || fail "${archives[0]} holds what nobody needs who builds it:"$'\n'"$unwanted"

elsewhere=$(mktemp -d)
trap 'rm -rf "$elsewhere"' EXIT
tar -xzf "${archives[0]}" -C "$elsewhere"
source=$(echo "$elsewhere"/wdt_proto-*)
for file in LICENSE-MIT LICENSE-APACHE README.md Cargo.lock python/wdt_proto/py.typed crates/wdt-python/THIRD-PARTY.txt; do
	[ -e "$source/$file" ] || fail "the sdist has no $file"
done

# An environment with maturin alone, and no variable of ours but the way to the network.
python -m venv --without-pip "$elsewhere/venv"
site=$("$elsewhere/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
installed=$(python -c 'import importlib.util; print(importlib.util.find_spec("maturin").submodule_search_locations[0])')
cp -R "$installed" "$site/"
keep=()
for variable in HOME CARGO_HOME RUSTUP_HOME RUSTUP_TOOLCHAIN SSL_CERT_FILE SSL_CERT_DIR CARGO_HTTP_CAINFO \
	http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
	if [ -n "${!variable:-}" ]; then keep+=("$variable=${!variable}"); fi
done
cargo=$(dirname "$(command -v cargo)")
maturin=$(dirname "$(command -v maturin)")
ln -s "$maturin/maturin" "$elsewhere/venv/bin/maturin"
# Unoptimized: it is the source distribution that is looked at, not the speed. What another check built of
# the registry's crates may be used; what the archive holds lies in a new folder and is compiled.
(cd "$source" && env -i "${keep[@]}" PATH="$elsewhere/venv/bin:$cargo:/usr/bin:/bin" MATURIN_PEP517_ARGS="--profile dev" \
	CARGO_TARGET_DIR="$root/target/apart" CARGO_PROFILE_DEV_DEBUG=0 \
	"$elsewhere/venv/bin/python" - "$elsewhere" > "$elsewhere/build.log" 2>&1 <<- 'PYTHON'
		import maturin, sys
		print(maturin.build_wheel(sys.argv[1]))
	PYTHON
) || { cat "$elsewhere/build.log"; exit 1; }
tools/release/vectors.sh "$elsewhere"/wdt_proto-*.whl
echo "$(basename "${archives[0]}"): builds elsewhere"
