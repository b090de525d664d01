"""The hand-written documents: which there are, and the fenced blocks in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHINESE = ".zh-CN.md"
# docs/methods is generated, and has tests of its own.
PAGES = sorted(
    path
    for pattern in (
        "README*.md",
        "CONTRIBUTING*.md",
        "docs/*.md",
        "docs/quickstart/*.md",
        "crates/wdt-cli/README*.md",
        "crates/wdt-sandbox/README*.md",
    )
    for path in ROOT.glob(pattern)
)
BLOCK = re.compile(r'^```(\w*)(?: title="([^"]+)")?\n(.*?)^```$', re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    title: str | None
    """The file that it is the text of."""
    text: str
    line: int
    """That of its first line."""


def blocks(page: Path) -> list[Block]:
    """Give the fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(found[1], found[2], found[3], text.count("\n", 0, found.start(3)) + 1)
        for found in BLOCK.finditer(text)
    ]


def name(page: Path) -> str:
    """Give the path from the repository's root."""
    return page.relative_to(ROOT).as_posix()
