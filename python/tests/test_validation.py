"""Validation and the catalogue from Python."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import wdt_proto
from conftest import cases
from wdt_proto import catalogue

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "crates" / "wdt-proto" / "catalogue"
METHOD = "sales.StockSync.syncFail"
FULL = json.loads((CATALOGUE / f"{METHOD}.json").read_text(encoding="utf-8"), parse_float=Decimal)[
    "strict_example"
]


def found(report: wdt_proto.Report) -> list[list[str]]:
    return [[issue.pointer, issue.code, issue.severity] for issue in report.issues]


@pytest.mark.parametrize("case", cases("validation.json"))
def test_vectors(case: dict[str, Any]) -> None:
    method, body = case["method"], case["body"]
    for level, column in (("documented", 2), ("strict", 3)):
        expected = [[issue[0], issue[1], issue[column]] for issue in case["issues"]]
        report = wdt_proto.validate(method, body, level)  # type: ignore[arg-type]
        assert found(report) == expected
        assert report.ok == all(issue[2] != "error" for issue in expected)
        assert found(wdt_proto.validate(method, body.encode(), level)) == expected  # type: ignore[arg-type]


def test_building_validates(creds: wdt_proto.Credentials) -> None:
    api_goods_id, info = FULL
    assert wdt_proto.build_request(creds, METHOD, api_goods_id, info, level="strict").warnings == []

    thin = {key: value for key, value in info.items() if key != "syn_result"}
    (warning,) = wdt_proto.build_request(creds, METHOD, api_goods_id, thin).warnings
    assert (warning.pointer, warning.code, warning.severity, warning.label) == (
        "/1/syn_result",
        "missing",
        "warning",
        "同步结果",
    )
    assert str(warning) == "/1/syn_result (同步结果): is missing, but required"

    wrong = {**info, "syn_stock": 0.1 + 0.2, "stock_syn_rule_no": "x" * 41, "colour": "red"}
    with pytest.raises(wdt_proto.ValidationError) as caught:
        wdt_proto.build_request(creds, METHOD, api_goods_id, wrong)
    issues = caught.value.issues
    assert {(issue.pointer, issue.code) for issue in issues} == {
        ("/1/syn_stock", "scale"),
        ("/1/stock_syn_rule_no", "too_long"),
        ("/1/colour", "unknown_field"),
    }
    marks = {"error": "", "warning": " (warning)"}
    assert str(caught.value).splitlines() == [
        issue.message + marks[issue.severity] for issue in issues
    ]
    assert "give a Decimal instead" in str(caught.value)

    assert wdt_proto.build_request(creds, METHOD, "anything", level="off").warnings == []
    with pytest.raises(ValueError, match="documented"):
        wdt_proto.build_request(creds, METHOD, level="lax")  # type: ignore[arg-type]


def test_arguments_may_be_a_list() -> None:
    api_goods_id, info = FULL
    assert wdt_proto.validate(METHOD, FULL, "strict") == wdt_proto.Report(
        ok=True, issues=[], omitted=0
    )
    report = wdt_proto.validate(METHOD, [api_goods_id, {**info, "syn_stock": Decimal("1.00001")}])
    assert found(report) == [["/1/syn_stock", "scale", "error"]]
    with pytest.raises(TypeError):
        wdt_proto.validate(METHOD, 5)  # type: ignore[arg-type]


def test_issues_are_capped() -> None:
    rows = [{"api_goods_id": "x", "force_sync": True, "y": 1}] * 1000
    report = wdt_proto.validate("sales.StockSync.batchCalcStock", [rows])
    severities = [issue.severity for issue in report.issues]
    assert severities.count("error") == severities.count("warning") == wdt_proto.MAX_ISSUES
    assert report.omitted == 2000 - 2 * wdt_proto.MAX_ISSUES
    assert not report.ok


def test_catalogue() -> None:
    names = [method.name for method in catalogue.methods()]
    assert names == sorted(names)
    assert len(names) == len(list(CATALOGUE.glob("*.*.json"))) == 188
    method = catalogue.method(METHOD)
    assert method is not None
    assert (method.title, method.category, method.documented, method.paged) == (
        "库存同步失败",
        "订单类",
        True,
        False,
    )
    assert [(field.name, field.type) for field in method.params] == [
        ("apiGoodsId", "long"),
        ("info", "object"),
    ]
    assert method.params[1].fields[0] == catalogue.Field(
        name="syn_stock",
        label="最后同步库存量",
        type="decimal(19,4)",
        required=True,
        may_be_missing=False,
        codes={},
        min=None,
        max=None,
        max_items=None,
        separator=None,
        format=None,
        fields=(),
    )
    assert method.writes
    assert [name for name in names if name.startswith("sales.StockSync.") and not reads(name)] == [
        f"sales.StockSync.{name}" for name in ("cancelSync", "syncFail", "syncSuccess")
    ]
    assert catalogue.method("no.such.method") is None


def reads(name: str) -> bool:
    method = catalogue.method(name)
    return method is not None and not method.writes


def test_register(creds: wdt_proto.Credentials) -> None:
    name = "my.Test.register"
    assert found(wdt_proto.validate(name, "[1]")) == [["", "unknown_method", "warning"]]
    field = {"name": "no", "label": "编号", "type": "string(2)", "required": True}
    text = json.dumps({"method": name, "title": "测试", "documented": True, "params": [field]})
    catalogue.register(text)
    assert found(wdt_proto.validate(name, '["abc"]')) == [["/0", "too_long", "error"]]
    with pytest.raises(wdt_proto.ValidationError, match="编号"):
        wdt_proto.build_request(creds, name)
    assert name in [method.name for method in catalogue.methods()]
    assert not reads(name), "what is not known to read may write"
    catalogue.register(text.replace('"documented"', '"writes": false, "documented"'))
    assert reads(name)
    with pytest.raises(wdt_proto.CatalogueError, match="params/no: unknown type"):
        catalogue.register(text.replace("string(2)", "str"))
