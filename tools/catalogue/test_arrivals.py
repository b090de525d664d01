"""The types of replies and of typed rows say what comes, and what becomes of it."""

from __future__ import annotations

import importlib
import sys
import typing
from datetime import datetime
from decimal import Decimal
from types import ModuleType

import arrivals
import generate_types
import jsontext
import model
import pytest
from model import Method
from test_tools import document, field
from test_types import load


@pytest.fixture(scope="module")
def rows() -> ModuleType:
    """Return the committed module of typed rows, loaded without its package."""
    return load(generate_types.ROW_TARGET)


def replying(*replies: str) -> Method:
    """Return a method whose documented replies are these."""
    examples = {"request": [], "response": [jsontext.loads(reply) for reply in replies]}
    return Method({**document(), "examples": examples})


def test_examples_tell_what_arrives() -> None:
    method = replying('{"status":0,"data":{"a":["1",2],"b":true}}', '{"data":{"a":1.50,"c":null}}')
    assert arrivals.kinds(method) == {
        "/status": {"int"},
        "/data/a": {"str", "int", "Decimal"},
        "/data/b": {"bool"},
    }


def test_an_example_without_its_wrapper_is_the_data() -> None:
    assert arrivals.kinds(replying('{"list":[{"a":1}]}')) == {"/data/list/a": {"int"}}


@pytest.mark.parametrize(
    ("documented", "seen", "hint"),
    [
        ("ExactNumber", {"int", "Decimal"}, "ExactNumber"),
        ("ExactNumber", {"str"}, "ExactNumber | str"),
        ("int", {"str"}, "int | str"),
        ("bool", {"int"}, "bool | Literal[0, 1]"),
        ("str", set(), "str"),
        ("list[str]", {"str"}, "list[str]"),
    ],
)
def test_a_hint_is_what_is_documented_and_what_comes(
    documented: str, seen: set[str], hint: str
) -> None:
    assert arrivals.hint({**field("x", "int"), "arrives": seen}, documented) == hint


def test_milliseconds_may_come_as_an_empty_text() -> None:
    entry = {**field("x", "string(40)", observed_format="epoch_ms"), "arrives": {"int"}}
    assert arrivals.hint(entry, "str") == "int | str"


def test_every_query_with_rows_has_its_typed_row(rows: ModuleType) -> None:
    expected = {
        f"{generate_types.camel(method.name)}TypedRow"
        for method in model.load()
        if "fields" in (method.row_field() or {})
    }
    found = {name for name in vars(rows) if name.endswith("TypedRow")}
    assert found == expected
    assert len(found) > 95


def test_typed_rows_are_typed(rows: ModuleType) -> None:
    hints = typing.get_type_hints(rows.SalesTradeQueryQueryWithDetailTypedRow)
    assert hints["trade_id"] is int
    assert hints["receivable"] is Decimal
    assert hints["trade_no"] is str
    assert hints["modified"] == hints["trade_time"] == datetime | None
    (detail,) = typing.get_args(hints["detail_list"])
    assert typing.get_type_hints(detail)["num"] is Decimal


def test_types_imports_the_typed_rows_when_one_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    package = ModuleType("wdt_apart")
    package.__path__ = [str(generate_types.TARGET.parent)]
    monkeypatch.setitem(sys.modules, "wdt_apart", package)
    types = importlib.import_module("wdt_apart.types")
    assert "wdt_apart._row_types" not in sys.modules
    assert typing.is_typeddict(types.SalesTradeQueryQueryWithDetailTypedRow)
    assert typing.is_typeddict(types.SalesTradeQueryQueryWithDetailTypedRowDetailList)
    for missing in ("NoSuchTypedRow", "Nothing"):
        with pytest.raises(AttributeError, match=missing):
            getattr(types, missing)
