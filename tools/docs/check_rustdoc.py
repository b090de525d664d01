"""Checks that everything public in a crate's documentation comes with an example that runs.

usage: check_rustdoc.py CRATE… (after `cargo doc`)

The rule: each item on rustdoc's page of all items has a Rust example on its own page. A type's may
stand at one of its methods; fields, variants and methods belong to their type. An example that is
not run (`ignore`, `no_run`) does not count. What rustdoc published counts, not what a source says,
so re-exports are included and private items are not.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

DOC = Path(__file__).parents[2] / "target" / "doc"
ITEM = re.compile(r'<li><a href="([^"]+\.html)">([^<]+)</a></li>')
# rustdoc marks what it does not run with a further class.
EXAMPLE = re.compile(r'<div class="example-wrap">(?:(?!</div>).)*?<pre class="rust', re.DOTALL)


def without(crate: str) -> tuple[list[str], int]:
    """Give the items of a crate that have no example, and how many items there are."""
    root = DOC / crate
    items = ITEM.findall((root / "all.html").read_text(encoding="utf-8"))
    bare = [
        f"{crate}::{name}"
        for page, name in items
        if not EXAMPLE.search((root / page).read_text(encoding="utf-8"))
    ]
    return bare, len(items)


def main() -> None:
    """Check the crates that the command line names."""
    failed = False
    for crate in sys.argv[1:] or sys.exit(__doc__):
        bare, total = without(crate)
        if not total:
            sys.exit(f"{crate}: no items found: has rustdoc changed its page of all items?")
        failed |= bool(bare)
        print(*(f"{name}: no example" for name in bare), sep="\n", end="\n" if bare else "")
        print(f"{crate}: {total - len(bare)} of {total} public items have an example")
    sys.exit(failed)


if __name__ == "__main__":
    main()
