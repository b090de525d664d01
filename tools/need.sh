#!/usr/bin/env bash
# What a command needs beside Rust, Python and a C compiler: root gets it with apt-get, others are told.
# usage: tools/need.sh WHO TEST PACKAGE…
# TEST is a line of bash that succeeds where all is there; options of apt-get may stand before the packages.
set -euo pipefail
who=$1 test=$2
shift 2

has_all() { bash -c "$test" > /dev/null 2>&1; }
if ! has_all; then
	if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
		echo "Installing for $who, with apt-get: $*"
		apt-get update -qq
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" > /dev/null
	fi
	has_all || { echo "$who needs more (Debian: apt-get install $*)" >&2; exit 1; }
fi
