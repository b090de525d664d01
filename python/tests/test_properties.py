"""Any nesting of Python objects to the wire and back, against `json` and `Decimal`.

The oracles are written here from the README's rules; only `json`, `Decimal` and `datetime` of the
standard library judge. In CI the examples are the same in every run.
"""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import wdt_proto
from hypothesis import example, given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from wdt_proto._models import Level

CREDS = wdt_proto.Credentials("wdtapi3", "appkey", "testsecret:testsalt")
BEIJING = timezone(timedelta(hours=8))
SYNC_FAIL = "sales.StockSync.syncFail"


@dataclasses.dataclass
class Row:
    no: Any
    note: Any = None


class Subclassed(dict[str, Any]):
    """A subclass is written as what it is."""


def body(*args: object) -> bytes:
    return wdt_proto.build_request(CREDS, "m", *args, unix_time=1775791716, level="off").body


def text_of(value: str) -> str:
    """Write a string as `json` does, but the two short escapes that we write long."""
    long = {"b": "\\u0008", "f": "\\u000c"}
    quoted = json.dumps(value, ensure_ascii=False)
    return re.sub(r"\\(.)", lambda escape: long.get(escape[1], escape[0]), quoted)


def written(value: object) -> str:  # noqa: PLR0911 - one for each sort of value
    """Write a value by the README's rules."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return text_of(value)
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime):
        local = value.astimezone(BEIJING) if value.tzinfo else value
        return f'"{local.replace(tzinfo=None).isoformat(" ")}"'
    if isinstance(value, dict):
        return "{" + ",".join(f"{text_of(k)}:{written(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(written, value)) + "]"
    assert isinstance(value, Row)
    return written({"no": value.no, "note": value.note})


# Text that UTF-8 can carry, with the characters that need care more often than by chance.
TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from('"\\/\b\f\n\r\t\0\x1f\x7f库😀\u2028'))
ZONES: st.SearchStrategy[Any] = st.none() | st.integers(-23, 23).map(
    lambda hours: timezone(timedelta(hours=hours))
)
SCALARS = (
    st.none() | st.booleans() | TEXT | st.integers(-(2**127), 2**127 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.decimals(places=4, allow_nan=False, allow_infinity=False)
    | st.datetimes(
        datetime(2, 1, 1), datetime(9998, 12, 31), timezones=ZONES  # noqa: DTZ001
    ).map(lambda moment: moment.replace(microsecond=0))
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(TEXT, inner, max_size=4)
        | st.dictionaries(TEXT, inner, max_size=4).map(Subclassed)
        | st.builds(Row, no=inner, note=inner)
    ),
    max_leaves=20,
)


@given(st.lists(VALUES, max_size=4))
@example([Decimal("1E+3"), Decimal("-0E-7"), -0.0, 1e16, 5e-324, 2**63, -(2**127)])
@example([{"\b\f\\b": "\\f\b"}, datetime(812, 1, 2, 3, 4, 5)])  # noqa: DTZ001
def test_the_body_is_what_the_rules_say(args: list[Any]) -> None:
    assert body(*args).decode() == written(args)
    json.loads(body(*args))


# JSON can hold halves of surrogate pairs, and integers of any length.
ANY_TEXT = st.text() | st.text(st.characters(categories=["Cs", "Lu"]), max_size=4)
REPLIES = st.recursive(
    st.none() | st.booleans() | ANY_TEXT | st.integers()
    | st.integers(0, 1000).map(lambda digits: -(10**digits) + 7)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


def same(ours: object, theirs: object) -> bool:
    """Compare types as well: `1`, `True`, `1.0` and `Decimal(1)` are equal to Python."""
    if type(ours) is not type(theirs):
        return False
    if isinstance(ours, Decimal) and isinstance(theirs, Decimal):
        return ours.compare_total(theirs) == 0
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return list(ours) == list(theirs) and all(same(ours[key], theirs[key]) for key in ours)
    return ours == theirs


@given(REPLIES, st.sampled_from([None, 0, 2]), st.booleans())
@example([10**4000, -(10**4000), 1e22, -0.0], None, False)  # noqa: FBT003
@example({"\ud83d": "\ude00\ud83d", "": {}}, None, True)  # noqa: FBT003
def test_a_reply_is_what_json_reads(data: object, indent: int | None, ascii_only: bool) -> None:  # noqa: FBT001
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    try:
        reply_body = f'{{"status":0,"data":{text}}}'.encode()
    except UnicodeEncodeError:  # halves of pairs stand in UTF-8 only as escapes
        text = json.dumps(data, indent=indent)
        reply_body = f'{{"status":0,"data":{text}}}'.encode()
    reply = wdt_proto.parse_response(reply_body)
    expected = json.loads(text, parse_float=Decimal)
    assert same(reply.data, expected)
    assert reply.raw_data == text
    assert same(wdt_proto.parse_response(reply_body.decode()).data, expected)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_decimals_go_round_as_they_are(value: Decimal) -> None:
    (back,) = wdt_proto.parse_response(b'{"status":0,"data":%s}' % body(value)).data
    assert Decimal(back).compare_total(value) == 0


def field_values() -> st.SearchStrategy[Any]:
    """What a caller may put into a field, right or wrong."""
    numbers = st.decimals(-(10**16), 10**16, places=5) | st.integers(-(2**70), 2**70)
    times = st.datetimes(datetime(2012, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001
    return st.one_of(
        numbers, SCALARS, times.map(lambda moment: moment.replace(microsecond=0)),
        st.lists(SCALARS, max_size=2), st.dictionaries(TEXT, SCALARS, max_size=2),
    )  # fmt: skip


SYNC_FIELDS = [
    "syn_stock", "stock_change_count", "stock_syn_rule_id", "stock_syn_rule_no", "stock_syn_max",
    "stock_syn_warehouses", "is_auto_listing", "syn_result", "stock_syn_mx", "库存",
]  # fmt: skip


@pytest.mark.parametrize("level", ["strict", "documented", "off"])
@given(data=st.data())
def test_arguments_and_bytes_are_judged_alike(level: Level, data: st.DataObject) -> None:
    info = data.draw(st.dictionaries(st.sampled_from(SYNC_FIELDS), field_values(), max_size=10))
    args: list[Any] = [data.draw(st.just(2447) | field_values()), info]
    wire = written(args)
    judged = [
        wdt_proto.validate(SYNC_FAIL, given, level=level) for given in (args, wire, wire.encode())
    ]
    assert judged[0] == judged[1] == judged[2]

    def build() -> wdt_proto.SignedRequest:
        return wdt_proto.build_request(CREDS, SYNC_FAIL, *args, unix_time=1775791716, level=level)

    if judged[0].ok:
        req = build()
        assert (req.body.decode(), req.warnings) == (wire, judged[0].issues)
        return
    with pytest.raises(wdt_proto.ValidationError) as caught:
        build()
    assert caught.value.issues == judged[0].issues


@given(st.datetimes(timezones=ZONES))
@example(datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))))
@example(datetime.min.replace(tzinfo=timezone(timedelta(hours=12))))
def test_every_moment_is_written_or_refused(moment: datetime) -> None:
    try:
        expected = written([moment])
    except OverflowError:  # before the year 1 or after 9999 in Beijing
        expected = ""
    if expected and not moment.microsecond:
        assert body(moment).decode() == expected
        return
    with pytest.raises(wdt_proto.ValidationError) as caught:
        body(moment)
    assert [(issue.pointer, issue.code) for issue in caught.value.issues] == [("/0", "format")]
