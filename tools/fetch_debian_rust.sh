#!/usr/bin/env bash
# Unpacks Debian 12's rustc-web of one version into a folder, installing nothing.
# usage: fetch_debian_rust.sh 1.85 .msrv
set -euo pipefail
version=$1 into=$2
command -v apt-get > /dev/null && command -v dpkg-deb > /dev/null || exit 1

mkdir -p "$into/debs"
into=$(realpath "$into")
cd "$into/debs"

# Package lists may be absent on a fresh machine.
download() {
	apt-get download -qq "$@" 2> /dev/null || { apt-get update -qq && apt-get download -qq "$@"; }
}

download "rustc-web=$version.*" "libstd-rust-web-dev=$version.*" "libstd-rust-web-$version"
for deb in rustc-web_* libstd-rust-web-dev_* "libstd-rust-web-${version}_"*; do
	dpkg-deb -x "$deb" ..
done
# The compiler links LLVM, which Debian packages by itself; that needs libraries which a small
# machine lacks. libc is the machine's own.
llvm=$(dpkg-deb -f "libstd-rust-web-${version}_"*.deb Depends | tr ',' '\n' | sed -n 's/^ *\(libllvm[0-9a-z.]*\).*/\1/p')
libraries=$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
	--no-enhances $llvm | grep '^lib' | grep -v '^libc6' | sort -u)
for package in $libraries; do
	download "$package"
	dpkg-deb -x "${package}_"*.deb ..
done
mkdir -p ../bin
cat > ../bin/rustc <<EOF
#!/bin/sh
LD_LIBRARY_PATH="$into/usr/lib/x86_64-linux-gnu:$into/lib/x86_64-linux-gnu:$into/usr/lib" exec "$into/usr/bin/rustc" "\$@"
EOF
chmod +x ../bin/rustc
../bin/rustc --version
