#!/usr/bin/env bash
# Packs every publishable crate as for the registry into target/apart/package, and builds each from what
# was packed alone; then looks whether the notices are in.
# usage: tools/release/package.sh
set -euo pipefail
. "$(dirname "$0")/env.sh"
# Nothing is released from these builds, and nobody debugs them.
unset CARGO_ENCODED_RUSTFLAGS
export CARGO_TARGET_DIR=$root/target/apart CARGO_PROFILE_DEV_DEBUG=0

mapfile -t crates < <(python tools/release/crates.py publishable)
packages=()
for crate in "${crates[@]}"; do packages+=(-p "$crate"); done
# Cargo unpacks the crates of the registry that it makes up for this once and for all: those of the same version
# that were packed before would be built instead of these.
for crate in "${crates[@]}"; do rm -rf "${CARGO_HOME:-$HOME/.cargo}"/registry/{src,cache}/-*/"$crate-$version"{,.crate}; done
# What is not committed yet may be packed here; `cargo publish` refuses it.
cargo package --locked --allow-dirty --quiet "${packages[@]}"
for crate in "${crates[@]}"; do
	archive=target/apart/package/$crate-$version.crate
	listed=$(tar -tzf "$archive" | sed "s|^$crate-$version/||")
	for file in Cargo.toml README.md LICENSE-MIT LICENSE-APACHE; do
		grep -qx "$file" <<< "$listed" || fail "$archive has no $file"
	done
	if grep -E '^(tests|testdata|benches)/' <<< "$listed"; then fail "$archive holds what only this repository needs"; fi
	echo "$(basename "$archive"): $(wc -l <<< "$listed") files, $(wc -c < "$archive") bytes, builds from what is packed"
done
