#!/usr/bin/env bash
# Builds the fuzz targets with the stable compiler and runs each for some seconds.
#   tools/fuzz.sh build
#   tools/fuzz.sh run SECONDS [TARGET…]
# `cargo fuzz` would ask for a nightly compiler, for sanitizers that code without `unsafe` has no use
# for. What it passes for coverage is stable, and stands here.
set -euo pipefail
cd "$(dirname "$0")/.."

all=(response validation round_trip credentials differential_sign differential_numbers)
host=$(rustc -vV | sed -n 's/^host: //p')

build() {
	command -v c++ > /dev/null || { echo "c++ is missing: install a C++ compiler (Debian: apt-get install g++)" >&2; exit 1; }
	local flags=(
		--cfg fuzzing -Cpasses=sancov-module -Ccodegen-units=1
		-Cllvm-args=-sanitizer-coverage-level=4
		-Cllvm-args=-sanitizer-coverage-inline-8bit-counters
		-Cllvm-args=-sanitizer-coverage-pc-table
		-Cllvm-args=-sanitizer-coverage-trace-compares
	)
	# With --target, build scripts and macros are left alone.
	RUSTFLAGS="${flags[*]}" cargo build --release --locked --manifest-path fuzz/Cargo.toml --bins --target "$host"
}

run() {
	local seconds=$1 target
	shift
	if [ $# = 0 ]; then set -- "${all[@]}"; fi
	for target in "$@"; do
		mkdir -p "fuzz/corpus/$target" "fuzz/artifacts/$target"
		local log=fuzz/artifacts/$target.log
		# Findings of libFuzzer's first folder are kept: not in the seeds, which are committed.
		if ! "fuzz/target/$host/release/$target" "fuzz/corpus/$target" "fuzz/seeds/$target" \
			-artifact_prefix="fuzz/artifacts/$target/" -dict=fuzz/dictionaries/wdt.dict \
			-max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
			-print_final_stats=1 > "$log" 2>&1; then
			tail -n 60 "$log"
			echo "fuzz target $target found something: the input lies in fuzz/artifacts/$target" >&2
			exit 1
		fi
		awk -v target="$target" -v seconds="$seconds" '
			/ cov: / { for (i = 1; i < NF; i++) { if ($i == "cov:") cov = $(i + 1); if ($i == "ft:") ft = $(i + 1) } }
			/^stat::number_of_executed_units/ { runs = $2 }
			END {
				printf "%-21s %5d s  %10d executions  %6d counters  %6d features\n", target, seconds, runs, cov, ft
				exit !(runs > 0 && cov > 100)
			}' "$log" || { echo "fuzz target $target did not run" >&2; exit 1; }
	done
}

case ${1:-} in
build) build ;;
run) shift; run "$@" ;;
*) echo "usage: $0 build | run SECONDS [TARGET…]" >&2; exit 2 ;;
esac
