"""The Python blocks of both front pages run, against the local server of `test_http`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_http import server

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_python_blocks_run(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 4
    namespace: dict[str, object] = {}
    with server() as base:
        for block in blocks:
            exec(block.replace("https://erp.example", base), namespace)  # noqa: S102
    printed = capsys.readouterr().out
    assert "/openapi?sid=wdtapi3" in printed
    # What a block says in comments that it prints, it prints.
    promised = re.findall(r"^# (/1/.*)", text, re.MULTILINE)
    assert len(promised) == 4
    assert "\n".join(promised) in printed
    data = namespace["data"]
    assert isinstance(data, list)
    assert data[0] == 2447


def test_both_pages_have_the_same_parts() -> None:
    pages = [
        (ROOT / page).read_text(encoding="utf-8").splitlines()
        for page in ("README.md", "README.zh-CN.md")
    ]
    for mark in ("## ", "```", "|"):
        english, chinese = (sum(line.startswith(mark) for line in page) for page in pages)
        assert english == chinese, mark
