#!/usr/bin/env bash
# Builds the PHP extension as its README says, in target/php-ext; or in target/php-test, and runs its tests.
# usage: tools/php_extension.sh build | test | memory
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
# A folder of their own, so that tests may run while others use the extension.
folder=target/php-test
[ "${1:-}" != build ] || folder=target/php-ext
out=$root/$folder

# phpize refuses a path with a blank: it always sees the project through a link.
links=$(mktemp -d /tmp/wdt-php.XXXXXX)
trap 'rm -rf "$links"' EXIT
link=$links/wdt
ln -s "$root" "$link"

# quietly LOG COMMAND…: runs it in the build's folder; where it fails, the end of what it said is shown.
quietly() {
	local log=$out/$1
	shift
	if ! (cd "$link/$folder" && "$@") > "$log" 2>&1; then
		# The link is gone when this is read.
		local end
		end=$(tail -n 40 "$log")
		echo "${end//"$link"/.}" >&2
		echo "PHP extension: '$*' failed; all that it said is in ${log#"$root/"}" >&2
		exit 1
	fi
}

build() {
	rm -rf "$out"
	mkdir -p "$out"
	cp -R php/extension/. "$out"
	quietly phpize.log phpize
	# libwdt's own place has a blank here, always: --with-wdt has to take one.
	ln -sfn "$root" "$root/target/a blank"
	quietly configure.log ./configure --quiet --with-wdt="$root/target/a blank"
	# Our sources are held to every warning; PHP's headers are the system's.
	sed -i "/^INCLUDES = /s|-I\($(php-config --include-dir)\)|-isystem \1|g" "$out/Makefile"
	grep -q '^INCLUDES = .*-isystem' "$out/Makefile" || { echo "PHP's Makefile has no INCLUDES to change" >&2; exit 1; }
	quietly build.log make EXTRA_CFLAGS="-Wall -Wextra -Werror"
}

run_tests() {
	quietly test.log env NO_INTERACTION=1 REPORT_EXIT_STATUS=1 TEST_PHP_ARGS="-q --show-diff" make test
	sed -n '/^Number of tests/,/^Tests passed/p' "$out/test.log"
	# All of them: a test that was skipped is one that did not pass.
	local tests=("$out"/tests/*.phpt)
	grep -Eq "^Tests passed +: +${#tests[@]} " "$out/test.log" ||
		{ echo "not every PHP test ran: see $folder/test.log" >&2; exit 1; }
}

case ${1:-} in
build) build ;;
test) build && run_tests ;;
memory) build && cd "$out" && ./check-memory.sh ;;
*) echo "usage: $0 build | test | memory" >&2; exit 2 ;;
esac
