#!/usr/bin/env bash
# wdt-proto does no I/O: no such module in its source, no such crate among its dependencies.
set -euo pipefail
cd "$(dirname "$0")/.."

if grep -rnE '\bstd::|extern crate std|unsafe' crates/wdt-proto/src; then
	echo "wdt-proto must be pure: core and alloc only, no unsafe" >&2
	exit 1
fi

# Whoever adds a dependency looks whether it does I/O and then adds it here.
pure='block-buffer cfg-if const-oid crypto-common digest hybrid-array itoa md-5 memchr num-traits once_cell
	percent-encoding rust_decimal arrayvec serde serde_core serde_derive serde_json subtle
	typenum wdt-proto zeroize zmij proc-macro2 quote syn unicode-ident autocfg'
tree=$(cargo tree --locked -p wdt-proto -e normal --prefix none --format '{p}' | awk '{print $1}' | sort -u)
for crate in $tree; do
	case " $(echo $pure) " in
	*" $crate "*) ;;
	*) echo "wdt-proto depends on $crate: is it free of I/O? then add it to $0" >&2; exit 1 ;;
	esac
done
echo "wdt-proto is pure: $(echo "$tree" | wc -l) crates in its tree, none does I/O"
