#!/usr/bin/env bash
# Packs each program (wdt, wdt-sandbox) with its notices: target/dist/NAME-VERSION-TARGET.tar.gz.
# Those that this machine can run are unpacked elsewhere and started.
# usage: [TARGET=x86_64-unknown-linux-musl] tools/release/programs.sh
set -euo pipefail
. "$(dirname "$0")/env.sh"

build=(build) suffix=
case $target in
*-linux-gnu) build=(zigbuild --target "$target.$glibc") ;;
*-linux-musl) build=(zigbuild --target "$target") ;;
*-windows-*) build=(build --target "$target") suffix=.exe ;;
*) build=(build --target "$target") ;;
esac
export CARGO_PROFILE_RELEASE_STRIP=symbols
mkdir -p "$dist"
elsewhere=$(mktemp -d)
trap 'rm -rf "$elsewhere"' EXIT

python tools/release/crates.py programs | tr -d '\r' | while read -r crate program; do
	cargo "${build[@]}" --release --locked -p "$crate" --bin "$program"
	name=$program-$version-$target
	tree=$root/target/dist-tree/$name
	rm -rf "$tree"
	mkdir -p "$tree"
	cp "$built/$program$suffix" LICENSE-MIT LICENSE-APACHE "crates/$crate/THIRD-PARTY.txt" "crates/$crate/sbom.cdx.json" \
		"crates/$crate"/README*.md "$tree/"
	pack "$root/target/dist-tree" "$name"
	if [ -x "$tree/$program$suffix" ] && [ "${target%%-*}" = "$(uname -m | sed s/arm64/aarch64/)" ]; then
		tar -xzf "$dist/$name.tar.gz" -C "$elsewhere"
		"$elsewhere/$name/$program$suffix" --version
	fi
done
