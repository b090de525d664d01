#!/usr/bin/env bash
# `make help`: each target that has `## English ## Chinese` behind it, in the reader's language.
# usage: tools/help.sh MAKEFILE…
set -euo pipefail
. "$(dirname "$0")/say.sh"

column=$(say 2 3)
groups=$(say "Start here|Releases|Tests: parts of make test, and deeper ones|Fuzzing and speed" \
	"常用|发布|测试：make test 的各部分，和更深入的检查|模糊测试与性能")
awk -v column="$column" -v groups="$groups" -F ' ## ' '
	BEGIN { split(groups, title, "|") }
	/^[a-z0-9-]+:.* ## / {
		name = $1; sub(/:.*/, "", name)
		group = 1
		if (FILENAME ~ /release\.mk$/) group = 2
		else if (name ~ /^test-/) group = 3
		else if (name ~ /^(fuzz|bench|check-peers|coverage)/) group = 4
		text[group] = text[group] sprintf("  make %-15s  %s\n", name, $column)
	}
	END {
		split("1 3 4 2", order, " ")
		for (i = 1; i <= 4; i++) printf "%s%s\n%s", (i > 1 ? "\n" : ""), title[order[i]], text[order[i]]
	}' "$@"
