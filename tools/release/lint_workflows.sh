#!/usr/bin/env bash
# The workflow files: valid by GitHub's schema, without the known security mistakes, and, where
# actionlint is installed, right in their expressions and shell scripts too.
# usage: tools/release/lint_workflows.sh
set -euo pipefail
. "$(dirname "$0")/env.sh"

check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
zizmor --offline --quiet --persona pedantic .github/workflows
if command -v actionlint > /dev/null; then
	actionlint
fi
