"""Every block of the hand-written documents runs; their links and their two languages agree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import check_rustdoc
import check_site
import pytest
from pages import BLOCK, CHINESE, PAGES, ROOT, Block, blocks, name
from session import Session, match

if TYPE_CHECKING:
    from pathlib import Path

LINK = re.compile(r"\]\((?![a-z]+:)([^)\s#]*)(?:#([^)\s]*))?\)")
BILINGUAL = [page for page in PAGES if page.with_suffix("").with_suffix(CHINESE).exists()]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_blocks_run(page: Path, tmp_path: Path) -> None:
    with Session(page, tmp_path) as session:
        for block in blocks(page):
            session.run(block)
        if page.parent == ROOT and page.name.startswith("README"):
            effects = [entry["effect"] for entry in session.sandbox.journal()]
            assert [effect["kind"] for effect in effects] == ["sync_fail"]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_fence_is_overlooked(page: Path) -> None:
    fences = re.findall(r"^\s*(?:```|~~~)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(fences) == 2 * len(blocks(page))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    text = BLOCK.sub("", page.read_text(encoding="utf-8"))
    for target, anchor in LINK.findall(text):
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), f"{name(page)}: {target}"
        if anchor:
            assert anchor in anchors(path), f"{name(page)}: {target}#{anchor}"


@pytest.mark.parametrize("page", [page for page in PAGES if CHINESE not in page.name], ids=name)
def test_every_page_is_there_in_chinese(page: Path) -> None:
    chinese = page.with_suffix("").with_suffix(CHINESE)
    assert chinese.exists()
    assert [block.language for block in blocks(page)] == [
        block.language for block in blocks(chinese)
    ]
    for mark in ("#", "|", "!["):
        english, other = (
            sum(
                line.startswith(mark)
                for line in BLOCK.sub("", path.read_text(encoding="utf-8")).splitlines()
            )
            for path in (page, chinese)
        )
        assert english == other, mark


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_lines_are_not_too_long(page: Path) -> None:
    text = re.sub(
        r"^```console\n.*?^```$",
        keep_lines,
        page.read_text(encoding="utf-8"),
        flags=re.DOTALL | re.MULTILINE,
    )
    for number, line in enumerate(text.splitlines(), 1):
        # A row of a table cannot be broken, nor what a program prints.
        assert line.startswith("|") or len(line) <= 120, f"{name(page)}:{number}"


def test_the_error_pages_have_all_codes_and_kinds() -> None:
    source = ROOT / "crates" / "wdt-proto" / "src"
    codes, kinds = (
        # The first function of both is `as_str`, or comes after one that names no text.
        re.findall(r'Self::\w+ => "(\w+)"', (source / file).read_text(encoding="utf-8"))
        for file in ("check/code.rs", "error_kind.rs")
    )
    codes = [code for code in codes if code not in {"error", "warning"}]
    assert len(codes) > 15
    assert len(kinds) > 5
    for page in ("docs/errors.md", f"docs/errors{CHINESE}"):
        rows = re.findall(r"^\| `(\w+)`", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
        named = [row for row in rows if row[0].islower()]
        assert sorted(named) == sorted(codes + kinds), page


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", "print(1)\n# 2\n"),
        ("python", "assert False\n"),
        ("console", "$ wdt --version\nnothing of the kind\n"),
        ("console", "$ false\n"),
        ("console", "$ make no-such-target\n"),
        ("console", "$ true\nso it says\n"),
        ("c", "int main(void) { return 0; }\n"),
        ("rust", "fn main() {}\n"),
        ("json", "{\n"),
        ("ruby", "puts 1\n"),
        ("", "what is this?\n"),
    ],
)
def test_a_wrong_block_is_found(language: str, text: str, tmp_path: Path) -> None:
    with (
        Session(ROOT / "docs" / "stability.md", tmp_path) as session,
        pytest.raises((AssertionError, ValueError)),
    ):
        session.run(Block(language, None, text, 1))


def test_ellipses() -> None:
    match("a…c\n…\nend\n", "abc\n1\n2\nend\n", "")
    match("…\n", "", "")
    with pytest.raises(AssertionError):
        match("a…c\n", "abc\nmore\n", "")


def test_resources_from_outside_are_found() -> None:
    for tag in (
        '<script src="https://cdn.example/x.js">',
        '<link rel="stylesheet" href="//x.example/a.css">',
    ):
        assert check_site.OUTSIDE.search(tag)
    assert not check_site.OUTSIDE.search('<a href="https://docs.rs/ureq">ureq</a>')


def test_what_rustdoc_does_not_run_is_no_example() -> None:
    block = '<div class="example-wrap{}"><pre class="rust rust-example-rendered">f()</pre></div>'
    assert check_rustdoc.EXAMPLE.search(block.format(""))
    assert not check_rustdoc.EXAMPLE.search(block.format(" ignore"))
    assert check_rustdoc.NOT_RUN.search("    /// ```no_run")


def keep_lines(found: re.Match[str]) -> str:
    """Give as many empty lines."""
    return "\n" * found[0].count("\n")


def anchors(page: Path) -> set[str]:
    """Give the anchors of a document's headings, in the repository's view and on the site."""
    text = BLOCK.sub("", page.read_text(encoding="utf-8"))
    found = set()
    for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        words = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
        found.add(words.strip().replace(" ", "-"))
    return found
