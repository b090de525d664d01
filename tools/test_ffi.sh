#!/usr/bin/env bash
# libwdt as C and C++ programs meet it: installed, found by pkg-config, run plainly and under valgrind.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$PWD/target/c
tests=crates/wdt-ffi/ctests
warnings="-Wall -Wextra -Wpedantic -Werror"
rm -rf "$out" && mkdir -p "$out"

PREFIX=$out/prefix tools/install.sh install
export PKG_CONFIG_PATH=$out/prefix/lib/pkgconfig LD_LIBRARY_PATH=$out/prefix/lib

# The header and its C++ side, in each standard.
echo '#include <wdt.h>
int main(void) { return (int)wdt_abi_version() - WDT_ABI_VERSION; }' > "$out/header.c"
for standard in c99 c11; do
	gcc -std=$standard $warnings $(pkg-config --cflags wdt) "$out/header.c" -o "$out/header" $(pkg-config --libs wdt)
	"$out/header"
done
echo '#include <wdt.hpp>
int main() { return wdt_abi_version() - WDT_ABI_VERSION; }' > "$out/header.cpp"
g++ -std=c++17 $warnings $(pkg-config --cflags wdt) "$out/header.cpp" -o "$out/header" $(pkg-config --libs wdt)
"$out/header"
gcc -std=c99 $warnings $(pkg-config --cflags wdt) "$out/header.c" -static -o "$out/static" $(pkg-config --static --libs wdt)
"$out/static"

# Nothing but wdt_ functions is exported, and each stands in the table of NULLs.
exported=$(nm -D --defined-only "$out/prefix/lib/libwdt.so" | awk '{print $3}')
if grep -v '^wdt_' <<< "$exported"; then echo "exported beside wdt_" >&2; exit 1; fi
for function in $exported; do
	grep -qw "$function" "$tests/null_table.c" || { echo "$function is not in $tests/null_table.c" >&2; exit 1; }
done

for test in vectors calls null_table threads; do
	gcc -std=c11 -g -O1 $warnings $(pkg-config --cflags wdt libcjson) "$tests/$test.c" -o "$out/$test" \
		$(pkg-config --libs wdt libcjson) -pthread
done
check() { valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite,possible "$@"; }
"$out/vectors" crates/wdt-proto/testdata
"$out/calls"
"$out/null_table"
"$out/threads"
check "$out/vectors" crates/wdt-proto/testdata
check "$out/calls"
check "$out/null_table"
# helgrind takes the atomics of a OnceLock for a race, so memcheck it is.
check "$out/threads"
echo "libwdt: $(wc -w <<< "$exported") functions, tested from C plainly and under valgrind"
