#!/usr/bin/env bash
# The table of hostile calls has a row for each function of the header.
# usage: check_null_table.sh NULL_TABLE_PROGRAM
set -euo pipefail
cd "$(dirname "$0")/.."

declared=$(grep -oE '^[a-z].*\bwdt_[a-z0-9_]+\(' include/wdt.h | grep -oE 'wdt_[a-z0-9_]+\($' | tr -d '(' | sort -u)
rows=$("$1" --list)
if ! diff <(echo "$declared") <(sort <<< "$rows"); then
	echo "null_table.c has other rows (>) than wdt.h has functions (<)" >&2
	exit 1
fi
echo "a row for each of $(echo "$rows" | wc -l) functions"
