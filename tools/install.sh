#!/usr/bin/env bash
# Installs or uninstalls libwdt: both libraries, the headers, wdt.pc and the CMake package.
# usage: [PREFIX=/usr/local] [LIBDIR=$PREFIX/lib] [DESTDIR=] tools/install.sh install|uninstall
# BUILT: the folder of the libraries. RELOCATABLE=1: wdt.pc finds the rest from where it lies.
set -euo pipefail
start=$PWD
cd "$(dirname "$0")/.."

absolute() { case $1 in /*) echo "$1" ;; *) echo "$start/$1" ;; esac; }
prefix=$(absolute "${PREFIX:-/usr/local}")
libdir=$(absolute "${LIBDIR:-$prefix/lib}")
root=${DESTDIR:-}
soname=libwdt.so.0
built=${BUILT:-${CARGO_TARGET_DIR:-target}/release}
pc_prefix=$prefix
pc_libdir=$libdir
if [ -n "${RELOCATABLE:-}" ]; then
	pc_prefix='${pcfiledir}/'$(realpath -m --relative-to="$libdir/pkgconfig" "$prefix")
	pc_libdir='${pcfiledir}/..'
fi

cmake=$libdir/cmake/wdt
files=("$libdir/$soname" "$libdir/libwdt.so" "$libdir/libwdt.a" "$libdir/pkgconfig/wdt.pc"
	"$cmake/wdt-config.cmake" "$cmake/wdt-config-version.cmake"
	"$prefix/include/wdt.h" "$prefix/include/wdt.hpp" "$prefix/include/wdt_session.hpp")

if [ "${1:-}" = uninstall ]; then
	for file in "${files[@]}"; do rm -f "$root$file"; done
	rmdir "$root$cmake" 2> /dev/null || true
	echo "libwdt is removed from $root$prefix"
	exit
fi
[ "${1:-}" = install ] || { echo "usage: $0 install|uninstall" >&2; exit 2; }
# The SONAME is set in build.rs; programs ask for it by that name.
readelf -d "$built/libwdt.so" | grep -q "SONAME.*\[$soname\]" || { echo "libwdt.so is not $soname" >&2; exit 1; }

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
# What the static library needs besides. The compiler's driver adds libc and the unwinder itself,
# and picks the static ones for -static, where -lgcc_s would fail.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
private=$(rustc --print native-static-libs --crate-type staticlib --crate-name none -o "$scratch/none.a" - < /dev/null 2>&1 |
	sed -n 's/.*native-static-libs: //p' | tr ' ' '\n' | grep -vxE -e '-lgcc_s|-lc|' | tr '\n' ' ')
private=${private% }

fill() {
	sed -e "s|@PREFIX@|$pc_prefix|" -e "s|@LIBDIR@|$pc_libdir|" -e "s|@VERSION@|$version|" \
		-e "s|@VERSION_SERIES@|${version%.*}|" -e "s|@LIBS_PRIVATE@|$2|" -e "s|@SHARED_FILE@|$soname|" \
		-e "s|@INCLUDE_FROM_CMAKE@|$(realpath -m --relative-to="$cmake" "$prefix/include")|" \
		"crates/wdt-ffi/install/$1.in" > "$scratch/$1"
	install -m 644 "$scratch/$1" "$3"
}

install -d "$root$libdir/pkgconfig" "$root$cmake" "$root$prefix/include"
install -m 755 "$built/libwdt.so" "$root$libdir/$soname"
ln -sf "$soname" "$root$libdir/libwdt.so"
install -m 644 "$built/libwdt.a" "$root$libdir/libwdt.a"
install -m 644 include/wdt.h include/wdt.hpp include/wdt_session.hpp "$root$prefix/include/"
fill wdt.pc "$private" "$root$libdir/pkgconfig/"
fill wdt-config.cmake "${private// /;}" "$root$cmake/"
fill wdt-config-version.cmake "" "$root$cmake/"
echo "libwdt $version is in $root$prefix"
