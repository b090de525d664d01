"""The Python blocks of both front pages run: against the server of `test_http`, or a sandbox."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from test_http import server
from wdt_proto.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
ACCOUNT = {"sid": "wdtapi3", "key": "appkey", "appsecret": "testsecret:testsalt"}


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_python_blocks_run(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 6
    namespace: dict[str, Any] = {}
    with server() as base, Sandbox(seed={"credentials": [ACCOUNT]}) as sandbox:
        for block in blocks:
            address = sandbox.base_url if "wdt_proto.Client(" in block else base
            exec(block.replace("https://erp.example", address), namespace)  # noqa: S102
        called = [entry["method"] for entry in sandbox.journal()]
    assert called[0] == "system.Core.now"
    assert called[-1] == "sales.StockSync.syncFail"
    with Sandbox() as sandbox:
        namespace["test_my_loop"](sandbox)
    printed = capsys.readouterr().out
    assert "/openapi?sid=wdtapi3" in printed
    # What a block says in comments that it prints, it prints.
    promised = re.findall(r"^# (/1/.*)", text, re.MULTILINE)
    assert len(promised) == 4
    assert "\n".join(promised) in printed
    data = namespace["data"]
    assert isinstance(data, list)
    assert "business" in printed, "the sandbox has no good 2447"
    assert data[0] == 2447


def test_both_pages_have_the_same_parts() -> None:
    pages = [
        (ROOT / page).read_text(encoding="utf-8").splitlines()
        for page in ("README.md", "README.zh-CN.md")
    ]
    for mark in ("## ", "```", "|"):
        english, chinese = (sum(line.startswith(mark) for line in page) for page in pages)
        assert english == chinese, mark
