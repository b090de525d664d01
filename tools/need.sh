#!/usr/bin/env bash
# What a command needs beside Rust, Python and a C compiler. A person at a terminal is told what is missing
# and the command that installs it, and nothing is done. In CI (CI=true), or where nobody is watching, root
# gets it with apt-get, which is said first.
# usage: tools/need.sh WHO "NEED…" PACKAGE…
# NEED: a command, pkg:NAME for a library that pkg-config knows, python:NAME for a module of python3. Options
# of apt-get may stand before the packages, which have Debian's names.
set -euo pipefail
. "$(dirname "$0")/say.sh"
who=$1
read -ra needs <<< "$2"
shift 2

has() {
	case $1 in
	pkg:*) pkg-config --exists "${1#*:}" ;;
	python:*) python3 -c "import ${1#*:}" ;;
	*) command -v "$1" ;;
	esac > /dev/null 2>&1
}
look() {
	missing=
	local need
	for need in "${needs[@]}"; do has "$need" || missing+=", ${need#*:}"; done
	missing=${missing#, }
}
# The command as it is to be typed here.
install="apt-get install $*"
[ "$(id -u)" = 0 ] || install="sudo $install"
refuse() {
	say "$who needs what is not here: $missing" "$who 缺少：${missing//, /、}"
	if command -v apt-get > /dev/null; then
		say "Install it with: $install" "安装命令：$install"
	else
		say "Install it with your package manager; on Debian: $install" "请用系统的包管理器安装；Debian 上的命令：$install"
	fi
	exit 1
} >&2

look
[ -n "$missing" ] || exit 0
if [ "${CI:-}" != true ] && { [ -t 0 ] || [ -t 2 ]; }; then refuse; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then refuse; fi
say "$who needs what is not here: $missing. Now running: $install" "$who 缺少：${missing//, /、}，正在执行：$install"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" > /dev/null
look
[ -z "$missing" ] || refuse
