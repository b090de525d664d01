#!/usr/bin/env bash
# Tests libwdt as C and C++ programs meet it: installed, found, linked, called; plainly, under
# valgrind and under sanitizers. Everything is built under target/ffi.
set -euo pipefail
cd "$(dirname "$0")/.."

here=crates/wdt-ffi/ctests
out=$PWD/target/ffi
prefix=$out/prefix
testdata=crates/wdt-proto/testdata
strict=(-Wall -Wextra -Wpedantic -Werror)
# Each compiler that is here checks the headers; the rest is built with the first.
compilers=(gcc)
if command -v clang > /dev/null; then compilers+=(clang); fi
declare -A cxx=([gcc]=g++ [clang]=clang++)
step() { echo "== $*"; }

step "install, uninstall"
rm -rf "$out"
mkdir -p "$out"
${MAKE:-make} --no-print-directory install PREFIX=/opt/wdt DESTDIR="$out/staged"
test -L "$out/staged/opt/wdt/lib/libwdt.so"
test -f "$out/staged/opt/wdt/lib/libwdt.so.0"
${MAKE:-make} --no-print-directory uninstall PREFIX=/opt/wdt DESTDIR="$out/staged"
left=$(find "$out/staged" ! -type d)
if [ -n "$left" ]; then
	echo "uninstall leaves: $left" >&2
	exit 1
fi
${MAKE:-make} --no-print-directory install PREFIX="$prefix" DESTDIR=
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib
read -ra cflags <<< "$(pkg-config --cflags wdt)"
read -ra libs <<< "$(pkg-config --libs wdt)"
read -ra static_libs <<< "$(pkg-config --static --libs wdt)"

step "the headers compile without a warning"
for cc in "${compilers[@]}"; do
	for standard in c99 c11; do
		"$cc" -std=$standard "${strict[@]}" "${cflags[@]}" $here/header.c "${libs[@]}" -o "$out/header"
		"$out/header"
	done
	"${cxx[$cc]}" -x c++ -std=c++17 "${strict[@]}" "${cflags[@]}" $here/header.c "${libs[@]}" -o "$out/header"
	"$out/header"
	for header in wdt.hpp wdt_session.hpp; do
		"${cxx[$cc]}" -std=c++17 "${strict[@]}" -fsyntax-only "${cflags[@]}" -x c++ "$prefix/include/$header"
	done
	echo "$cc: C99, C11, C++17"
done

step "only wdt_ functions are exported"
tools/check_exports.sh "$prefix/lib/libwdt.so.0" "$prefix/include/wdt.h"

step "programs that use the installed library"
app() { # name, then what to link with; runs without the environment's library path where it is static
	local name=$1
	shift
	gcc -std=c99 "${strict[@]}" "${cflags[@]}" $here/consumer/app.c "$@" -o "$out/app-$name"
	echo -n "$name: "
	"$out/app-$name"
}
needs_library() { readelf -d "$out/app-$1" | grep -q 'NEEDED.*libwdt'; }
app shared "${libs[@]}"
needs_library shared
app static-flags "${static_libs[@]}"
app fully-static -static "${static_libs[@]}"
app archive "${static_libs[@]/-lwdt/-l:libwdt.a}"
for name in fully-static archive; do
	if needs_library $name; then
		echo "$name needs libwdt.so" >&2
		exit 1
	fi
done
cmake -S $here/consumer -B "$out/cmake" -DCMAKE_PREFIX_PATH="$prefix" > "$out/cmake.log"
cmake --build "$out/cmake" >> "$out/cmake.log" || { cat "$out/cmake.log"; exit 1; }
# Found by its rpath alone.
(cd "$out/cmake" && env -u LD_LIBRARY_PATH ctest --output-on-failure > ../ctest.log) || { cat "$out/ctest.log"; exit 1; }
grep 'tests passed' "$out/ctest.log"

# build KIND FLAGS…: the tests with these flags, as target/ffi/KIND/NAME.
build() {
	local kind=$1 name
	shift
	mkdir -p "$out/$kind"
	for name in vectors calls session null_table threads; do
		gcc -std=c11 -D_POSIX_C_SOURCE=200809L -g "${strict[@]}" "$@" "${cflags[@]}" $here/$name.c \
			"${libs[@]}" -lcjson -pthread -o "$out/$kind/$name"
	done
	g++ -std=c++17 -g "${strict[@]}" "$@" "${cflags[@]}" $here/hpp.cpp "${libs[@]}" -o "$out/$kind/hpp"
}
# run KIND PREFIX…: runs them, threads for few rounds where a tool slows them down.
run() {
	local kind=$1 rounds=2000
	shift
	[ "$kind$*" = plain ] || rounds=50
	"$@" "$out/$kind/vectors" $testdata
	"$@" "$out/$kind/calls"
	"$@" "$out/$kind/session"
	"$@" "$out/$kind/null_table"
	"$@" "$out/$kind/threads" $rounds
	"$@" "$out/$kind/hpp"
}

step "the tests, plainly"
build plain -O2
run plain
tools/check_null_table.sh "$out/plain/null_table"

step "under AddressSanitizer and UndefinedBehaviorSanitizer"
build sanitized -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
ASAN_OPTIONS=detect_leaks=1 run sanitized

step "under valgrind"
valgrind=(valgrind --quiet --error-exitcode=99)
run plain "${valgrind[@]}" --leak-check=full --show-leak-kinds=definite,indirect,possible --errors-for-leak-kinds=definite,indirect,possible
step "threads under helgrind"
"${valgrind[@]}" --tool=helgrind "$out/plain/threads" 50 alone

step "a panic"
cargo build --quiet --locked -p wdt-ffi --features test-panic --target-dir target/apart
ln -sf libwdt.so target/apart/debug/libwdt.so.0
gcc -std=c11 "${strict[@]}" "${cflags[@]}" $here/panic.c -Ltarget/apart/debug -lwdt -o "$out/panic"
# What it prints of the panic is what the default hook prints.
LD_LIBRARY_PATH=target/apart/debug "$out/panic" 2> "$out/panic.log" || { cat "$out/panic.log"; exit 1; }

step "the examples"
read -ra curl <<< "$(pkg-config --cflags --libs libcurl)"
gcc -std=c99 "${strict[@]}" "${cflags[@]}" examples/c/sync_fail.c "${libs[@]}" "${curl[@]}" -o "$out/sync_fail"
${PYTHON:-python3} $here/http_test.py "$out/sync_fail"
# What it pulls is seen by `make test-e2e`: that has a sandbox.
gcc -std=c99 "${strict[@]}" "${cflags[@]}" examples/c/pull_orders.c "${libs[@]}" "${curl[@]}" -o "$out/pull_orders"
g++ -std=c++17 "${strict[@]}" "${cflags[@]}" examples/cpp/sync_fail.cpp "${libs[@]}" -o "$out/sync_fail_cpp"
"$out/sync_fail_cpp" > "$out/sync_fail_cpp.log"
grep -c 'refused\|warning' "$out/sync_fail_cpp.log" | grep -qx 6

echo "libwdt: all passed"
