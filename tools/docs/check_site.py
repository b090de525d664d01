"""Checks what mkdocs wrote: nothing is loaded from outside, and both languages are there."""

from __future__ import annotations

import re
import sys
from pathlib import Path

SITE = Path(__file__).parents[2] / "target" / "site"
# Links that a reader follows are no resources.
OUTSIDE = re.compile(
    r"<(?:script|img|iframe|source|link(?! rel=\"(?:canonical|alternate)\"))\b[^>]*"
    r"\s(?:src|href)=\"(?:https?:)?//",
    re.IGNORECASE,
)
OUTSIDE_CSS = re.compile(r"(?:url\(|@import )[\"']?(?:https?:)?//")


def main() -> None:
    """Check all files of the site."""
    pages = sorted(SITE.rglob("*.html"))
    problems = [page for page in pages if OUTSIDE.search(page.read_text(encoding="utf-8"))]
    problems += [
        sheet
        for sheet in SITE.rglob("*.css")
        if OUTSIDE_CSS.search(sheet.read_text(encoding="utf-8"))
    ]
    if problems:
        sys.exit("loads something from outside: " + ", ".join(map(str, problems)))
    english = {page.relative_to(SITE) for page in pages if "zh-CN" not in page.parts}
    chinese = {page.relative_to(SITE / "zh-CN") for page in pages if "zh-CN" in page.parts}
    if english - {Path("404.html")} != chinese:
        sys.exit(f"not in both languages: {sorted(map(str, english ^ chinese))}")
    sys.stdout.write(f"{len(pages)} pages, nothing from outside\n")


if __name__ == "__main__":
    main()
