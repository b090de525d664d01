#!/usr/bin/env bash
# Writes the notices that go with each crate that is shipped (THIRD-PARTY.txt) and its SBOM.
# --check: fails where Cargo.lock has something that the notices do not name; needs no tool.
# --compare: writes the notices anew and fails where they differ.
# usage: tools/release/licences.sh [--check | --compare]
set -euo pipefail
. "$(dirname "$0")/env.sh"
mode=${1:-}

python tools/release/sbom.py ${mode:+--check}
for crate in $(python tools/release/crates.py shipped); do
	notices=crates/$crate/THIRD-PARTY.txt
	if [ "$mode" != --check ]; then
		written=$(mktemp)
		tools/release/cargo_tool.sh about generate --locked --fail --manifest-path "crates/$crate/Cargo.toml" \
			tools/release/third-party.hbs -o "$written"
		if [ "$mode" = --compare ]; then
			diff "$notices" "$written" || fail "$notices is old: run make licences"
			rm "$written"
		else
			mv "$written" "$notices"
			chmod 644 "$notices"
		fi
	fi
	# Every crate of the SBOM is named.
	python - "$crate" "$notices" <<-'PYTHON'
		import json, pathlib, re, sys
		crate, notices = sys.argv[1], pathlib.Path(sys.argv[2])
		bom = json.loads((notices.parent / "sbom.cdx.json").read_text())
		needed = {f"{part['name']} {part['version']}" for part in bom["components"]}
		named = set(re.findall(r"^  - (\S+ \S+)$", notices.read_text(), re.M))
		if missing := needed - named:
		    sys.exit(f"{notices} does not name {sorted(missing)}: run make licences")
		print(f"{notices}: the licences of {len(named)} crates")
	PYTHON
done
