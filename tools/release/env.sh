# Sourced by the scripts beside it: what makes a release build give the same bytes in any folder.
# VENV: where make venv-release put the tools. TARGET: the Rust target, by default this machine's.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root" || exit
venv=${VENV:-$root/.venv}
export PATH=$venv/bin:$venv/Scripts:$PATH
target=${TARGET:-$(rustc -vV | sed -n 's/^host: //p')}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
dist=$root/target/dist
# A folder of its own: other flags would build everything anew, here and in target/release.
export CARGO_TARGET_DIR=$root/target/release-build
built=$CARGO_TARGET_DIR/$target/release

# The time in archives is the commit's; outside of git, that of the earliest zip.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || echo 315532800)}
export SOURCE_DATE_EPOCH

# No path of the machine gets into a binary: not the folder's, not Cargo's, not the toolchain's.
cargo_home=${CARGO_HOME:-$HOME/.cargo}
sysroot=$(rustc --print sysroot)
commit=$(rustc -vV | sed -n 's/^commit-hash: //p')
rustflags=("--remap-path-prefix=$root=/wdt-proto" "--remap-path-prefix=$cargo_home=/cargo"
	"--remap-path-prefix=$sysroot/lib/rustlib/src/rust=/rustc/$commit")
CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f'; echo "${rustflags[*]}")
export CARGO_ENCODED_RUSTFLAGS
unset RUSTFLAGS

# Zig's own caches stay in the project too.
export ZIG_GLOBAL_CACHE_DIR=$root/target/zig CARGO_ZIGBUILD_CACHE_DIR=$root/target/zig/cargo-zigbuild
# The oldest C library that the binaries need: CentOS 7's, as in manylinux2014.
glibc=2.17

step() { echo "== $*"; }
fail() { echo "$*" >&2; exit 1; }

# pack FOLDER NAME: target/dist/NAME.tar.gz, the same bytes from the same files: order, owner, time
# and compression are fixed, by Python, whose tar is the same on every system.
pack() {
	python - "$1" "$2" "$dist" <<-'PYTHON'
		import gzip, os, pathlib, sys, tarfile
		folder, name, dist = map(pathlib.Path, sys.argv[1:])
		def fixed(entry):
		    entry.uid = entry.gid = 0
		    entry.uname = entry.gname = ""
		    entry.mtime = int(os.environ["SOURCE_DATE_EPOCH"])
		    entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
		    return entry
		with (dist / f"{name}.tar.gz").open("wb") as out, gzip.GzipFile("", "wb", 9, out, 0) as packed:
		    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive:
		        archive.add(folder / name, str(name), filter=fixed)
	PYTHON
	echo "$dist/$2.tar.gz"
}
