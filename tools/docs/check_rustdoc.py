"""Checks that everything public in a crate's documentation comes with an example that runs.

usage: check_rustdoc.py CRATE… (after `cargo doc`)

The rule: each item on rustdoc's page of all items has a Rust example on its own page. A type's may
stand at one of its methods; fields, variants and methods belong to their type; a constant may be
used in another item's example instead. An example that is not run (`ignore`, `no_run`) does not
count. What rustdoc published counts, not what a source says, so re-exports are included and private
items are not.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOC = ROOT / "target" / "doc"
ITEM = re.compile(r'<li><a href="([^"]+\.html)">([^<]+)</a></li>')
# `ignore` has a further class on its page; `no_run` is seen in the source alone.
NOT_RUN = re.compile(r"//[/!] ```.*\bno_run\b")
EXAMPLE = re.compile(
    r'<div class="example-wrap">(?:(?!</div>).)*?<pre class="rust[^>]*>(.*?)</pre>', re.DOTALL
)


def without(crate: str) -> tuple[list[str], int]:
    """Give the items of a crate that have no example, and how many items there are."""
    root = DOC / crate
    items = ITEM.findall((root / "all.html").read_text(encoding="utf-8"))
    examples = {
        page: " ".join(EXAMPLE.findall((root / page).read_text(encoding="utf-8")))
        for page, _ in items
    }
    used = set(re.findall(r"\w+", re.sub(r"<[^>]*>", "", " ".join(examples.values()))))
    bare = [
        f"{crate}::{name}"
        for page, name in items
        if not examples[page] and not ("constant." in page and name.rpartition("::")[2] in used)
    ]
    return bare, len(items)


def main() -> None:
    """Check the crates that the command line names."""
    failed = False
    for crate in sys.argv[1:] or sys.exit(__doc__):
        bare, total = without(crate)
        if not total:
            sys.exit(f"{crate}: no items found: has rustdoc changed its page of all items?")
        sources = (ROOT / "crates" / crate.replace("_", "-") / "src").rglob("*.rs")
        bare += [f"{path}: no_run" for path in sources if NOT_RUN.search(path.read_text("utf-8"))]
        failed |= bool(bare)
        for name in bare:
            print(f"no example that runs: {name}")
        print(f"{crate}: {total} public items, {len(bare)} without an example that runs")
    sys.exit(failed)


if __name__ == "__main__":
    main()
