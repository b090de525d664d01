"""Python objects on their way to the wire; `json` and `Decimal` are the judges."""

from __future__ import annotations

import enum
import json
import math
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
import wdt_proto
from hypothesis import given
from hypothesis import strategies as st

CREDS = wdt_proto.Credentials("wdtapi3", "appkey", "testsecret:testsalt")


def body(*args: object) -> bytes:
    return wdt_proto.build_request(CREDS, "m", *args, unix_time=1775791716, level="off").body


def refused(*args: object) -> wdt_proto.Issue:
    with pytest.raises(wdt_proto.ValidationError) as caught:
        body(*args)
    (issue,) = caught.value.issues
    assert str(caught.value) == issue.message
    return issue


# Text that UTF-8 can carry.
TEXT = st.text(st.characters(codec="utf-8"))
SCALARS = (
    st.none() | st.booleans() | TEXT | st.integers(-(2**127), 2**127 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
)  # fmt: skip
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4)
)


@given(st.lists(JSON, max_size=4))
def test_the_body_is_what_json_would_write(args: list[Any]) -> None:
    expected = json.dumps(args, ensure_ascii=False, separators=(",", ":"))
    # `json` and we differ in one thing: it writes DEL and some controls as themselves, and so do
    # we, but \b and \f have short escapes there; both texts are the same JSON.
    assert json.loads(body(*args)) == args
    if "\\b" not in expected and "\\f" not in expected:
        assert body(*args) == expected.encode()


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_decimals_keep_every_digit(value: Decimal) -> None:
    text = body(value).decode()[1:-1]
    assert text == str(value)
    (back,) = wdt_proto.parse_response(f'{{"status":0,"data":[{text}]}}').data
    assert Decimal(back).compare_total(value) == 0


@given(st.integers(-(10**19) + 1, 10**19 - 1))
def test_every_19_4_decimal_goes_round(units: int) -> None:
    value = Decimal(units).scaleb(-4)
    wire = body(value)
    assert json.loads(wire, parse_float=Decimal, parse_int=Decimal) == [value]
    (back,) = wdt_proto.parse_response(b'{"status":0,"data":%s}' % wire).data
    assert str(back) == str(value)


def test_floats_are_their_repr() -> None:
    for value in (
        0.1,
        0.1 + 0.2,
        1.0,
        -0.0,
        1e16,
        1.5e-5,
        5e-324,
        1.7976931348623157e308,
        123456789.5,
    ):
        assert body(value).decode() == f"[{value!r}]"


@dataclass
class Info:
    syn_stock: Decimal
    tags: list[str] = field(default_factory=list)


class Row(NamedTuple):
    api_goods_id: int
    force_sync: bool


class Colour(enum.IntEnum):
    RED = 7


class Text(str):
    __slots__ = ()


class Index:
    def __index__(self) -> int:
        return 42


def test_other_types() -> None:
    assert body(Info(Decimal("1.0000"), ["a"])) == b'[{"syn_stock":1.0000,"tags":["a"]}]'
    assert body(Row(1, force_sync=True), (), []) == b"[[1,true],[],[]]"
    assert body(OrderedDict(b=1, a=2), {}) == b'[{"b":1,"a":2},{}]'
    assert body(Colour.RED, Text("x"), Index()) == b'[7,"x",42]'
    assert body(2**63, -(2**100)) == f"[{2**63},{-(2**100)}]".encode()
    assert body('库存\t"\\/') == '["库存\\t\\"\\\\/"]'.encode()
    assert body() == b"[]"


def test_datetimes_are_beijing_time() -> None:
    tz = timezone(timedelta(hours=-5))
    assert body(datetime(2026, 11, 1, 9, 5, 7)) == b'["2026-11-01 09:05:07"]'  # noqa: DTZ001
    assert body(datetime(2026, 10, 31, 20, 0, 0, tzinfo=tz)) == b'["2026-11-01 09:00:00"]'
    assert body(datetime(1, 1, 1, tzinfo=None)) == b'["0001-01-01 00:00:00"]'  # noqa: DTZ001
    issue = refused({"start_time": datetime(2026, 11, 1, 0, 0, 0, 5)})  # noqa: DTZ001
    assert (issue.pointer, issue.code) == ("/0/start_time", "format")
    assert "microsecond" in issue.message


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (math.nan, "type"),
        (math.inf, "type"),
        (-math.inf, "type"),
        (Decimal("NaN"), "type"),
        (Decimal("-Infinity"), "type"),
        (Decimal("sNaN"), "type"),
        (object(), "type"),
        ({1, 2}, "type"),
        (b"bytes", "type"),
        (Info, "type"),
        (1j, "type"),
        ("\ud83d", "unsupported_character"),
        (2**127, "out_of_range"),
    ],
)
def test_what_json_cannot_carry_is_refused_where_it_stands(value: object, code: str) -> None:
    issue = refused(2447, {"a/b": [0, {"syn_stock": value}]})
    assert (issue.pointer, issue.code, issue.severity) == ("/1/a~1b/1/syn_stock", code, "error")
    assert issue.message.startswith("/1/a~1b/1/syn_stock: ")


def test_integers_past_every_limit_are_refused() -> None:
    assert refused(10**5000).code == "out_of_range"


def test_keys_must_be_text() -> None:
    issue = refused({"ok": {1: "x"}})
    assert (issue.pointer, issue.code) == ("/0/ok/1", "type")
    assert "dict keys must be str, not int" in issue.message
    assert refused({"\ud83d": 1}).code == "unsupported_character"


def test_nesting_and_cycles_end_at_the_limit() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert refused(deep).code == "not_json"
    cycle: list[Any] = []
    cycle.append(cycle)
    assert "holding itself" in refused(cycle).message
    loop: dict[str, Any] = {}
    loop["self"] = loop
    assert refused(loop).code == "not_json"
    raw = "[" * 100_000 + "]" * 100_000
    with pytest.raises(wdt_proto.ValidationError, match="deeper than 128"):
        wdt_proto.build_request(CREDS, "m", raw_body=raw)
    limits = wdt_proto.Limits(max_depth=100_000)
    assert (
        wdt_proto.build_request(CREDS, "m", raw_body=raw, limits=limits, level="off").body
        == raw.encode()
    )
    unlimited = wdt_proto.Limits(max_depth=200_000)
    assert len(wdt_proto.build_request(CREDS, "m", deep, limits=unlimited).body) == 200_004
    while deep:  # taken apart by hand: older interpreters recurse here
        deep = deep[0]


def test_size_ends_at_the_limit() -> None:
    limits = wdt_proto.Limits(max_bytes=1000)
    with pytest.raises(wdt_proto.ValidationError) as caught:
        wdt_proto.build_request(CREDS, "m", ["x" * 100] * 100, limits=limits)
    assert caught.value.issues[0].code == "too_long"
    with pytest.raises(wdt_proto.ValidationError):
        wdt_proto.build_request(CREDS, "m", raw_body=b"[" + b" " * 1000 + b"]", limits=limits)


def test_code_that_runs_on_the_way_may_do_as_it_likes() -> None:
    info: dict[str, Any] = {}

    class Sneaky:
        def __index__(self) -> int:
            info[f"k{len(info)}"] = 1
            return 1

    info.update(a=Sneaky(), b=2)
    assert "changed while it was read" in refused(info).message

    rows: list[Any] = []

    class Shrinking:
        def __index__(self) -> int:
            rows.clear()
            return 1

    rows.extend([Shrinking(), 2, 3])
    assert body(rows) == b"[[1]]"

    class Failing:
        def __index__(self) -> int:
            msg = "mine"
            raise RuntimeError(msg)

    with pytest.raises(RuntimeError, match="mine"):
        body(Failing())
