#!/usr/bin/env bash
# The same commit gives the same bytes: wheels, source distribution, libwdt and programs are built in
# two clones in different folders, and their SHA-256 sums compared.
# usage: tools/release/reproducible.sh
set -euo pipefail
. "$(dirname "$0")/env.sh"
[ -z "$(git status --porcelain)" ] || echo "note: what is not committed is not looked at" >&2

work=$root/target/reproducible
rm -rf "$work"
head=$(git rev-parse HEAD)
for folder in one another/and-longer; do
	step "building in $folder"
	git clone --quiet --no-hardlinks "$root" "$work/$folder"
	git -C "$work/$folder" checkout --quiet --detach "$head"
	for script in "wheel.sh abi3" "wheel.sh python" "wheel.sh wdt-sandbox" sdist.sh dist.sh programs.sh; do
		read -ra script <<< "$script"
		env -u CARGO_ENCODED_RUSTFLAGS -u CARGO_TARGET_DIR -u SOURCE_DATE_EPOCH -u ZIG_GLOBAL_CACHE_DIR \
			-u CARGO_ZIGBUILD_CACHE_DIR VENV="$venv" "$work/$folder/tools/release/${script[0]}" "${script[@]:1}" > "$work/log" 2>&1 ||
			{ cat "$work/log"; exit 1; }
	done
	(cd "$work/$folder/target/dist" && sha256sum ./*) > "$work/sums-$(basename "$folder")"
done
cat "$work/sums-one"
diff "$work/sums-one" "$work/sums-and-longer" || fail "two builds of one commit differ"
[ "$(wc -l < "$work/sums-one")" = 7 ] || fail "seven files were to be compared"
rm -rf "$work"
echo "two builds in different folders are the same, byte for byte"
