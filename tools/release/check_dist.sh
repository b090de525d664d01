#!/usr/bin/env bash
# The archive of libwdt as its users meet it: unpacked in another folder, found by pkg-config and
# CMake, linked both ways, run; its symbols, its notices and the age of the C library it needs.
# usage: tools/release/check_dist.sh
set -euo pipefail
. "$(dirname "$0")/env.sh"
archives=("$dist"/libwdt-*.tar.gz)
[ ${#archives[@]} = 1 ] && [ -f "${archives[0]}" ] || fail "there is no archive in $dist: run make dist"
for command in pkg-config readelf nm gcc; do
	command -v $command > /dev/null || fail "$command is missing (Debian: apt-get install pkg-config binutils gcc)"
done

elsewhere=$(mktemp -d)
trap 'rm -rf "$elsewhere"' EXIT
tar -xzf "${archives[0]}" -C "$elsewhere"
tree=$(echo "$elsewhere"/libwdt-*)
library=$tree/lib/libwdt.so.0

listed=$(cd "$tree" && find . ! -type d | sort)
wanted=$(sort <<- 'FILES'
	./include/wdt.h
	./include/wdt.hpp
	./include/wdt_session.hpp
	./lib/cmake/wdt/wdt-config-version.cmake
	./lib/cmake/wdt/wdt-config.cmake
	./lib/libwdt.a
	./lib/libwdt.so
	./lib/libwdt.so.0
	./lib/pkgconfig/wdt.pc
	./share/doc/libwdt/CHANGELOG.md
	./share/doc/libwdt/LICENSE-APACHE
	./share/doc/libwdt/LICENSE-MIT
	./share/doc/libwdt/THIRD-PARTY.txt
	./share/doc/libwdt/c-api.md
	./share/doc/libwdt/c-api.zh-CN.md
	./share/doc/libwdt/sbom.cdx.json
FILES
)
diff <(echo "$wanted") <(echo "$listed") || fail "the archive holds other files (>) than it should (<)"
tools/check_exports.sh "$library" "$tree/include/wdt.h"

newest=$(readelf -V "$library" | grep -oE 'GLIBC_[0-9.]+' | sort -uV | tail -1)
[ "$(printf '%s\n' "$newest" "GLIBC_$glibc" | sort -V | tail -1)" = "GLIBC_$glibc" ] ||
	fail "libwdt.so needs $newest, newer than $glibc"
for path in "$root" "$HOME"; do
	# Inside a word it is none: /root is also the end of other paths.
	for file in "$library" "$tree/lib/libwdt.a" "$tree/lib/pkgconfig/wdt.pc"; do
		if LC_ALL=C grep -aqE "(^|[^a-zA-Z0-9_.-])$path/" "$file"; then fail "$file names $path"; fi
	done
done

export PKG_CONFIG_PATH=$tree/lib/pkgconfig
read -ra shared <<< "$(pkg-config --cflags --libs wdt)"
read -ra static <<< "$(pkg-config --cflags --libs --static wdt)"
app=crates/wdt-ffi/ctests/consumer/app.c
gcc -std=c99 -Wall -Wextra -Werror $app "${shared[@]}" -o "$elsewhere/shared"
# The linker warns that a static glibc looks names up with the shared one.
gcc -std=c99 -Wall -Wextra -Werror -static $app "${static[@]}" -o "$elsewhere/static" 2> "$elsewhere/log" ||
	{ cat "$elsewhere/log"; exit 1; }
LD_LIBRARY_PATH=$tree/lib "$elsewhere/shared"
env -u LD_LIBRARY_PATH "$elsewhere/static"
echo "$(basename "${archives[0]}"): unpacked elsewhere, linked both ways; needs glibc ${newest#GLIBC_}"
