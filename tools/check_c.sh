#!/usr/bin/env bash
# What the C side's tests need beside a C compiler: installed with apt-get by root, named to others.
set -euo pipefail

packages='libcjson-dev libcurl4-openssl-dev valgrind pkg-config g++ cmake'
missing() {
	local command
	for command in gcc g++ valgrind pkg-config cmake readelf; do command -v "$command" || return 0; done > /dev/null
	for command in libcjson libcurl; do pkg-config --exists "$command" || return 0; done
	return 1
}
if missing; then
	if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
		apt-get update -qq
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $packages > /dev/null
	fi
	if missing; then
		echo "the tests of libwdt need more: apt-get install $packages" >&2
		exit 1
	fi
fi
