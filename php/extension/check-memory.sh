#!/bin/bash
# Runs the tests' scripts under valgrind, where the extension has been built: no error, no leak.
#
#     cd BUILD_DIRECTORY && check-memory.sh
#
# limits.phpt is left out (32 MiB, for minutes), and verify_fatal.phpt, which leaks what PHP leaks in a fatal error.
set -euo pipefail

for test in tests/*.phpt; do
	name=$(basename "$test" .phpt)
	case $name in
		limits | verify_fatal) continue ;;
	esac
	script=tests/$name.memory.php
	sed -n '/^--FILE--$/,/^--EXPECT/p' "$test" | sed '1d;$d' > "$script"
	echo "valgrind: $name"
	# With PHP's own allocator valgrind sees nothing; unloaded modules have no names in its reports.
	USE_ZEND_ALLOC=0 ZEND_DONT_UNLOAD_MODULES=1 valgrind --quiet --error-exitcode=9 --leak-check=full \
		--show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect \
		"$(php-config --php-binary)" -n -d extension="$PWD/modules/wdt.so" -d zend.exception_ignore_args=0 \
		-d pcre.jit=0 "$script"
	rm "$script"
done
