"""``sync_info`` is the core's: the table of cases that all languages read."""

from __future__ import annotations

import json
from collections import UserDict
from typing import Any

import pytest
import wdt_proto
from conftest import ROOT
from wdt_proto import stock_sync

TABLE = ROOT / "crates" / "wdt-proto" / "testdata" / "sync_info.json"
CASES: list[dict[str, Any]] = json.loads(TABLE.read_text(encoding="utf-8"))["cases"]
AS_TEXT = [pytest.param(case, str, id=case["name"]) for case in CASES]
AS_DICT = [
    pytest.param(case, dict, id=f"{case['name']}, a dict")
    for case in CASES
    if not case.get("text_only")
]


@pytest.mark.parametrize(("case", "kind"), AS_TEXT + AS_DICT)
def test_the_table(case: dict[str, Any], kind: type) -> None:
    calculated: Any = case["calculated"]
    if kind is dict:
        reply = f'{{"status":0,"data":{calculated}}}'
        calculated = wdt_proto.parse_response(reply).data
    if "error" in case:
        with pytest.raises(wdt_proto.ValidationError) as caught:
            stock_sync.sync_info(calculated, **case["outcome"])
        (issue,) = caught.value.issues
        field = case["error"]["field"]
        assert (issue.pointer, issue.code) == (f"/{field}" if field else "", case["error"]["code"])
        assert field in issue.message
        assert field in issue.message_zh
        return
    info = stock_sync.sync_info(calculated, **case["outcome"])
    written = wdt_proto.Request("any.Method.name", info, level="off").body.decode()
    assert written == f"[{case['info']}]"


def test_the_table_is_large_enough_to_mean_something() -> None:
    assert len(CASES) > 60
    assert len(AS_DICT) > 50


ROW = json.loads(CASES[0]["calculated"])


def test_a_row_may_be_any_mapping_and_hold_what_is_no_json() -> None:
    of_a_dict = stock_sync.sync_info(ROW, success=True)
    row: UserDict[str, Any] = UserDict({**ROW, "mine": object()})
    assert stock_sync.sync_info(row, success=True) == of_a_dict
    with pytest.raises(wdt_proto.ValidationError) as caught:
        stock_sync.sync_info({**ROW, "syn_stock": object()}, success=True)
    assert caught.value.issues[0].pointer == "/syn_stock"


def test_the_result_must_be_a_text_that_can_be_sent() -> None:
    with pytest.raises(wdt_proto.ValidationError, match="result: half of a surrogate pair"):
        stock_sync.sync_info(ROW, success=False, result="\ud83d")
    with pytest.raises(TypeError):
        stock_sync.sync_info(None, success=False)  # type: ignore[arg-type]


def test_the_typed_calls_have_limits(creds: wdt_proto.Credentials) -> None:
    info = stock_sync.sync_info(ROW, success=True)
    limits = wdt_proto.Limits(max_bytes=100)
    with pytest.raises(wdt_proto.ValidationError, match="100"):
        stock_sync.sync_success(creds, 2447, info, limits=limits)
    assert stock_sync.cancel_sync(creds, 1, -1, limits=limits).body == b"[1,-1]"
