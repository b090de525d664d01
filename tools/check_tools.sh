#!/usr/bin/env bash
# Rust, a C compiler and Python are here, and new enough; with `php`, PHP and its FFI are too.
# usage: [PYTHON=python3] tools/check_tools.sh [php]
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh
refuse() { say "$@" >&2; exit 1; }

if [ "${1:-}" = php ]; then
	tools/need.sh "make test-php" "php phpize" php-cli php-dev
	php -r 'exit((int) (PHP_VERSION_ID < 80100));' ||
		refuse "PHP is older than 8.1: install a newer one" "PHP 版本低于 8.1，请安装更新的版本"
	php -r 'exit((int) !extension_loaded("FFI"));' ||
		refuse "PHP's FFI is not switched on. Debian: apt-get install php-common && phpenmod ffi" \
			"PHP 没有启用 FFI。Debian 上的命令：apt-get install php-common && phpenmod ffi"
	exit
fi

rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
command -v cargo > /dev/null ||
	refuse "cargo is not here: install Rust $rust or newer from https://rustup.rs" \
		"没有 cargo：请从 https://rustup.rs 安装 Rust $rust 或更新的版本"
tools/need.sh make cc gcc libc6-dev
python=${PYTHON:-python3}
"$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2> /dev/null ||
	refuse "$python is not here, older than 3.10, or without venv. Debian: apt-get install python3-venv; for another one: make PYTHON=…" \
		"没有 $python，或者版本低于 3.10，或者缺少 venv。Debian 上的命令：apt-get install python3-venv；换用别的 Python：make PYTHON=…"
