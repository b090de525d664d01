#!/usr/bin/env bash
# Packs libwdt with headers, wdt.pc, the CMake package and all notices as one archive, which can be
# unpacked anywhere: target/dist/libwdt-VERSION-TARGET.tar.gz
# usage: [TARGET=aarch64-unknown-linux-gnu] tools/release/dist.sh
set -euo pipefail
. "$(dirname "$0")/env.sh"

case $target in
*-linux-gnu)
	# Against an old C library, so that the shared library runs on old systems.
	cargo zigbuild --release --locked -p wdt-ffi --target "$target.$glibc"
	system=${target/-unknown/}
	;;
*)
	cargo build --release --locked -p wdt-ffi --target "$target"
	system=$target
	;;
esac

name=libwdt-$version-$system
staged=$root/target/dist-tree
rm -rf "$staged"
mkdir -p "$staged" "$dist"
env -u CARGO_ENCODED_RUSTFLAGS BUILT="$built" RELOCATABLE=1 PREFIX="/$name" LIBDIR="/$name/lib" DESTDIR="$staged" \
	tools/install.sh install > /dev/null
tree=$staged/$name
# The standard library's debug information is most of the archive, and of use to nobody here.
if [ "$target" = "$(rustc -vV | sed -n 's/^host: //p')" ]; then
	strip --strip-unneeded "$tree/lib/libwdt.so.0"
	strip --strip-debug --enable-deterministic-archives "$tree/lib/libwdt.a"
fi
install -d "$tree/share/doc/libwdt"
install -m 644 LICENSE-MIT LICENSE-APACHE CHANGELOG.md docs/c-api.md docs/c-api.zh-CN.md \
	crates/wdt-ffi/THIRD-PARTY.txt crates/wdt-ffi/sbom.cdx.json "$tree/share/doc/libwdt/"

rm -f "$dist"/libwdt-*.tar.gz
pack "$staged" "$name"
