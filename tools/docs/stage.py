"""Lays out what the site is made of, in target/docs: `make docs` runs it before mkdocs.

The pages of docs/ as they are, the repository's other documents that belong to them (PAGES), and a
page for each source file that one of them links to. Links are the repository's, so that they work
where the files are read there; here they are pointed at the pages of the site.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TARGET = ROOT / "target" / "docs"
CHINESE = ".zh-CN.md"
# Documents that stand elsewhere, each in one place only; those with a Chinese one bring it along.
PAGES = {
    "index.md": "README.md",
    "sandbox.md": "crates/wdt-sandbox/README.md",
    "wdt.md": "crates/wdt-cli/README.md",
    "php-extension.md": "php/extension/README.md",
    "catalogue.md": "crates/wdt-proto/catalogue/README.md",
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
    "security-policy.md": "SECURITY.md",
    "threat-model.md": "THREAT_MODEL.md",
}
LANGUAGES = {".php": "php", ".py": "python", ".rs": "rust", ".hpp": "cpp", ".cpp": "cpp", ".h": "c"}
FENCE = re.compile(r"^\s*(```+)")
LINK = re.compile(r"\]\((?![a-z]+:|#)([^)\s#]+)(#[^)\s]*)?\)")
# The site has a switch of its own between the languages.
SWITCH = re.compile(
    r"^(\[(中文|中文说明|English)\]\([^)]+\)|English: \[README\.md\]\(README\.md\)\.)\n+",
    re.MULTILINE,
)
SWITCH_IN_LINE = re.compile(
    r" 中文说明见 \[[^\]]+\]\([^)]+\)。$|\nEnglish: \[[^\]]+\]\([^)]+\)\.$", re.MULTILINE
)

# Chinese has no blanks: a line that is broken in the source must not leave one.
BROKEN = re.compile(
    r"(?<=[\u4e00-\u9fff])\n *(?=[\u4e00-\u9fff])"
    r"|(?<=[，。、；：（）“”！？])\n *(?![\s#|>`*-]|\d+\. )"
    r"|(?<=[，。、；：（）“”！？])\n *(?=`[^`]|\*\*)"
)


class Site:
    """Where each document of the repository stands on the site."""

    def __init__(self) -> None:
        """Find the documents."""
        self.pages: dict[Path, str] = {}
        self.sources: dict[Path, str] = {}
        for path in sorted(DOCS.rglob("*.md")):
            self.pages[path] = path.relative_to(DOCS).as_posix()
        for page, name in PAGES.items():
            for suffix in (".md", CHINESE):
                path = (ROOT / name).with_suffix("").with_suffix(suffix)
                if path.exists():
                    self.pages[path] = page.removesuffix(".md") + suffix

    def write(self) -> None:
        """Write everything anew."""
        shutil.rmtree(TARGET, ignore_errors=True)
        shutil.copytree(DOCS, TARGET)
        for path, page in self.pages.items():
            put(page, self.text(path, page))
        for path, page in self.sources.items():
            name = path.relative_to(ROOT).as_posix()
            language = LANGUAGES.get(path.suffix, path.suffix.removeprefix("."))
            # Found by the pages that link here; the search has enough without.
            head = f"---\nsearch: {{exclude: true}}\n---\n\n# {name}\n\n"
            put(page, f"{head}````{language}\n{path.read_text(encoding='utf-8')}````\n")

    def text(self, path: Path, page: str) -> str:
        """Give a document's text with its links pointed at the site."""
        text = SWITCH_IN_LINE.sub("", SWITCH.sub("", path.read_text(encoding="utf-8"), count=1))
        parts = [
            (self.line(line, fenced, path, page), bool(fenced)) for line, fenced in lines(text)
        ]
        joined = (
            ("".join(part for part, _ in group), fenced)
            for fenced, group in itertools.groupby(parts, key=lambda part: part[1])
        )
        return "".join(
            BROKEN.sub("", prose) if page.endswith(CHINESE) and not fenced else prose
            for prose, fenced in joined
        )

    def line(self, line: str, fenced: str, path: Path, page: str) -> str:
        """Give a line as the site has it; ``fenced`` is the language of the block around it."""
        if fenced == "rust" and (line.startswith("# ") or line == "#\n"):
            return ""  # hidden by rustdoc as well
        if fenced:
            return line
        return LINK.sub(lambda link: self.link(link, path, page), line)

    def link(self, link: re.Match[str], path: Path, page: str) -> str:
        """Give a link as the site has it."""
        target = (path.parent / link[1]).resolve()
        anchor = link[2] or ""
        if target in self.pages:
            where = self.pages[target]
        elif target.is_file() and not target.is_relative_to(DOCS):
            # `.py.md` and `.rs.md` would be pages in the languages py and rs.
            where = f"source/{target.relative_to(ROOT).as_posix().replace('.', '_')}.md"
            self.sources[target] = where
        else:
            return link[0]
        # The Chinese page is found by the English name.
        if where.endswith(CHINESE):
            where = where.removesuffix(CHINESE) + ".md"
        return f"]({os.path.relpath(where, Path(page).parent)}{anchor})"


def lines(text: str) -> Iterator[tuple[str, str]]:
    """Give each line, and the language of the fenced block that it stands in, if any."""
    closing, language = "", ""
    for line in text.splitlines(keepends=True):
        fence = FENCE.match(line)
        if closing:
            yield line, "" if line.strip() == closing else language or "text"
            if line.strip() == closing:
                closing = ""
            continue
        if fence:
            closing, language = fence[1], line.strip().strip("`").split(" ")[0]
        yield line, ""


def put(page: str, text: str) -> None:
    """Write a page."""
    path = TARGET / page
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    Site().write()
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}\n")
