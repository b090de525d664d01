#!/usr/bin/env bash
# The shared library exports the functions of the header, all of them and nothing else.
# usage: check_exports.sh LIBRARY HEADER
set -euo pipefail
library=$1 header=$2

declared=$(grep -oE '^[a-z].*\bwdt_[a-z0-9_]+\(' "$header" | grep -oE 'wdt_[a-z0-9_]+\($' | tr -d '(' | sort -u)
exported=$(nm -D --defined-only "$library" | awk '{print $NF}' | sort -u)
if ! diff <(echo "$declared") <(echo "$exported"); then
	echo "$library exports other functions (>) than $header declares (<)" >&2
	exit 1
fi
echo "$(echo "$exported" | wc -l) functions, each declared in $(basename "$header")"
