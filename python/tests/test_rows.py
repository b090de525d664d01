"""Typed rows and hidden failures, held against a second implementation on `json` and `Decimal`."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import re
import typing
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import wdt_proto
import wdt_proto.types
from conftest import ROOT, cases
from hypothesis import given
from hypothesis import strategies as st
from scripted import ok, scripted
from wdt_proto import catalogue

if TYPE_CHECKING:
    from wdt_proto.catalogue import Field

BEIJING = timezone(timedelta(hours=8))
TRADES = "sales.TradeQuery.queryWithDetail"
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
TIME = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?: (\d\d?):(\d\d?)(?::(\d\d?)(?:\.(\d{1,3})0*)?)?)?", re.ASCII
)


class Misfit(Exception):  # noqa: N818 - it is caught at once
    """A value that cannot be what its field is."""


def number(value: object) -> Decimal:
    """Read a number that came as one or as text."""
    if isinstance(value, bool) or not NUMBER.fullmatch(str(value)):
        raise Misfit
    return Decimal(str(value))


def moment(value: object) -> datetime | None:
    """Read a time that came as text or as milliseconds."""
    if value == "":
        return None
    text = str(value)
    if not isinstance(value, bool) and NUMBER.fullmatch(text):
        millis = Decimal(text)
        if millis != int(millis) or len(str(int(millis))) != 13 or millis < 0:
            raise Misfit
        epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
        return (epoch + timedelta(milliseconds=int(millis))).astimezone(BEIJING)
    matched = TIME.fullmatch(text)
    if not matched:
        raise Misfit
    year, month, day, hour, minute, second = (int(part or 0) for part in matched.groups()[:6])
    fraction = int((matched[7] or "").ljust(6, "0"))
    try:
        return datetime(year, month, day, hour, minute, second, fraction, BEIJING)
    except ValueError as error:
        raise Misfit from error


def flag(value: Any) -> bool:  # noqa: ANN401 - JSON
    """Read a flag that came as one, as its word, or as 0 or 1."""
    if isinstance(value, bool):
        return value
    if value in {"true", "false"}:
        return bool(value == "true")
    if number(value) not in {0, 1}:
        raise Misfit
    return number(value) == 1


def scalar(field: Field, value: Any) -> Any:  # noqa: ANN401, PLR0911 - JSON
    """Give a value as its field's type."""
    kind = re.split(r"[(>]", field.type.removeprefix("list<"))[0]
    if isinstance(value, dict | list):
        raise Misfit
    if field.is_time:
        return moment(value)
    if kind == "string":
        return json.dumps(value) if isinstance(value, bool) else str(value)
    if value == "":
        return value
    if kind == "decimal":
        return number(value)
    if kind == "bool":
        return flag(value)
    if isinstance(value, bool):
        return int(value)
    whole = number(value)
    if whole != int(whole) or not -(2**63) <= int(whole) < 2**63:
        raise Misfit
    return int(whole)


def of_type(value: Any, kind: type) -> Any:  # noqa: ANN401 - JSON
    """Give a value that has to be of this type."""
    if not isinstance(value, kind):
        raise Misfit
    return value


def typed(field: Field, value: Any, found: list[str], at: str, *, element: bool = False) -> Any:  # noqa: ANN401, PLR0911
    """Give a value, of any shape, as its field's type; list where it does not fit."""
    if value is None:
        return None
    try:
        if field.type.startswith("list<") and not element:
            elements = enumerate(of_type(value, list))
            return [typed(field, v, found, f"{at}/{i}", element=True) for i, v in elements]
        if field.type in {"object", "list<object>"} and field.fields:
            if value == []:
                return value
            members = of_type(value, dict)
            known = {inner.name: inner for inner in field.fields}
            return {
                name: typed(known[name], v, found, f"{at}/{name}") if name in known else v
                for name, v in members.items()
            }
        if field.type in {"object", "map", "unknown"}:
            return value
        return scalar(field, value)
    except Misfit:
        found.append(at)
        return value


def row_field(method: catalogue.Method) -> Field:
    """Find the field whose elements are the rows."""
    (data,) = (field for field in method.response if field.name == "data")
    if not method.rows:
        return data
    (row,) = (field for field in data.fields if field.name == method.rows)
    return row


def same(made: Any, expected: Any) -> None:  # noqa: ANN401
    """Compare to the last digit, with the types, in the same order."""
    assert type(made) is type(expected) or isinstance(made, list)
    if isinstance(expected, dict):
        assert list(made) == list(expected)
        for name, value in expected.items():
            same(made[name], value)
    elif isinstance(expected, list):
        assert len(made) == len(expected)
        for one, other in zip(made, expected, strict=True):
            same(one, other)
    else:
        assert made == expected
        assert not isinstance(made, Decimal) or made.as_tuple() == expected.as_tuple()


def canonical(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Write typed rows as the shared cases have them: times as text, decimals with a point."""
    if isinstance(value, datetime):
        text = value.strftime("%Y-%m-%d %H:%M:%S")
        return f"{text}.{value.microsecond // 1000:03}" if value.microsecond else text
    if isinstance(value, list):
        return [canonical(element) for element in value]
    if isinstance(value, dict):
        return {name: canonical(element) for name, element in value.items()}
    return value


# A dict holds no key twice: these are cases of JSON alone.
TABLE = [
    case for case in cases("typed_rows.json") if case.values[0]["name"] != "keys that come twice"
]


@pytest.mark.parametrize("case", TABLE)
def test_the_shared_cases(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(wdt_proto.ValidationError) as caught:
            wdt_proto.typed_rows(case["method"], case["rows"])
        (issue,) = caught.value.issues
        told = {"code": issue.code, "message": issue.message, "message_zh": issue.message_zh}
        assert told == case["error"]
        return
    expected = json.loads(case["typed"], parse_float=Decimal)
    made = wdt_proto.typed_rows(case["method"], case["rows"])
    assert canonical(made) == expected
    issues = [
        {name: getattr(issue, name) for name in ("pointer", "code", "message", "message_zh")}
        for issue in made.issues
    ]
    assert issues == case["issues"]
    assert {issue.severity for issue in made.issues} <= {"warning"}
    # The same from objects, as `parse_response` gives them.
    data = wdt_proto.parse_response(f'{{"status":0,"data":{case["rows"] or "null"}}}').data
    again = wdt_proto.typed_rows(case["method"], data)
    assert (again, again.issues) == (made, made.issues)
    # What is typed is typed: once more changes nothing.
    assert wdt_proto.typed_rows(case["method"], made) == made


def documented() -> list[Any]:
    """Give the documented replies of all methods with rows, their numbers to the last digit."""
    replies = []
    for path in sorted((ROOT / "crates/wdt-proto/catalogue").glob("*.json")):
        file = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        if isinstance(file, dict) and "rows" in file:
            shown = file.get("examples", {}).get("response", [])
            replies += [pytest.param(path.stem, reply, id=path.stem) for reply in shown]
    return replies


@pytest.mark.parametrize(("name", "reply"), documented())
def test_no_field_of_a_documented_reply_is_lost(name: str, reply: dict[str, Any]) -> None:
    method = catalogue.method(name)
    assert method is not None
    data = reply.get("data")
    rows = data.get(method.rows) if isinstance(data, dict) and method.rows else data
    if not isinstance(rows, list):
        rows = []
    found: list[str] = []
    expected = [
        typed(row_field(method), row, found, f"/{i}", element=True) for i, row in enumerate(rows)
    ]
    made = wdt_proto.typed_rows(name, rows)
    same(made, expected)
    assert [issue.pointer for issue in made.issues] == found


def agrees(hint: Any, value: Any, at: str, reported: set[str]) -> int:  # noqa: ANN401
    """Hold a value against its declared type; how many values were looked at."""
    if value is None or at in reported or hint is Any:
        return 0
    if typing.is_typeddict(hint):
        hints = typing.get_type_hints(hint)
        # What PHP makes of an empty object.
        members = {} if value == [] else value
        known = [name for name in members if name in hints]
        return sum(agrees(hints[name], members[name], f"{at}/{name}", reported) for name in known)
    if typing.get_origin(hint) is list:
        (inner,) = typing.get_args(hint)
        return sum(agrees(inner, one, f"{at}/{i}", reported) for i, one in enumerate(value))
    kinds = typing.get_args(hint) or (hint,)
    assert type(value) in kinds or (value == "" and str not in kinds), f"{at}: {value!r}, {hint}"
    return 1


def test_the_types_of_rows_are_what_comes() -> None:
    values = 0
    for case in documented():
        name, reply = case.values
        if reply.get("status") != 0:
            continue
        words = re.findall(r"[A-Za-z0-9]+", name)
        camel = "".join(word[0].upper() + word[1:] for word in words)
        hint = getattr(wdt_proto.types, f"{camel}TypedRow", None)
        made = wdt_proto.typed_rows(name, reply.get("data"))
        reported = {issue.pointer for issue in made.issues}
        if hint is not None:
            values += sum(agrees(hint, row, f"/{i}", reported) for i, row in enumerate(made))
    assert values > 3000


def test_the_documented_replies_are_many() -> None:
    assert len(documented()) > 100


DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=None).filter(
    lambda value: -90 < value.adjusted() < 90 and len(value.as_tuple().digits) < 90
)


@given(value=DECIMALS)
def test_a_decimal_in_any_form_is_the_same(value: Decimal) -> None:
    plain = format(value, "f")
    forms = [plain, Decimal(plain), str(value), value, f"{value:e}"]
    rows = [{"paid": form} for form in forms]
    made = wdt_proto.typed_rows(TRADES, rows)
    assert made.issues == []
    for row in made:
        assert isinstance(row["paid"], Decimal)
        assert row["paid"] == value
    assert made[0]["paid"].as_tuple() == Decimal(plain).as_tuple()


@given(value=st.integers(-(2**63), 2**63 - 1))
def test_a_whole_number_in_any_form_is_the_same(value: int) -> None:
    forms = [value, str(value), Decimal(value), f"{value}.000", Decimal(f"{value}.0"), f"{value}e0"]
    made = wdt_proto.typed_rows(TRADES, [{"trade_id": form} for form in forms])
    assert made.issues == []
    assert all(type(row["trade_id"]) is int and row["trade_id"] == value for row in made)


@given(
    value=st.datetimes(datetime(2001, 9, 10), datetime(2286, 11, 19)).map(  # noqa: DTZ001
        lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000, tzinfo=BEIJING)
    )
)
def test_a_moment_in_any_form_is_the_same(value: datetime) -> None:
    millis = (value - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)
    text = value.replace(tzinfo=None).isoformat(" ")
    utc = value.astimezone(timezone.utc)
    forms = [millis, str(millis), Decimal(millis), text, value, utc]
    for name in ("modified", "trade_time"):
        made = wdt_proto.typed_rows(TRADES, [{name: form} for form in forms])
        assert made.issues == []
        assert all(row[name] == value for row in made)
        assert {row[name].utcoffset() for row in made} == {timedelta(hours=8)}
        # One zone for all.
        assert len({id(row[name].tzinfo) for row in made}) == 1


@given(flag=st.booleans())
def test_a_flag_in_any_form_is_the_same(flag: bool) -> None:  # noqa: FBT001
    forms = [flag, int(flag), str(int(flag)), str(flag).lower(), Decimal(f"{int(flag)}.0")]
    made = wdt_proto.typed_rows(TRADES, [{"is_sealed": form} for form in forms])
    assert made.issues == []
    assert all(row["is_sealed"] is flag for row in made)


@given(
    rows=st.lists(
        st.dictionaries(
            st.sampled_from(
                ["paid", "trade_id", "modified", "is_sealed", "trade_no", "x", "\ud83d"]
            ),
            st.one_of(
                st.none(),
                st.booleans(),
                st.integers(),
                st.text(max_size=4),
                st.just("\ud83d"),
                DECIMALS,
            ),
        )
    )
)
def test_any_rows_are_typed_or_kept(rows: list[dict[str, Any]]) -> None:
    method = catalogue.method(TRADES)
    assert method is not None
    found: list[str] = []
    expected = [
        typed(row_field(method), row, found, f"/{i}", element=True) for i, row in enumerate(rows)
    ]
    made = wdt_proto.typed_rows(TRADES, rows)
    assert made == expected
    assert [issue.pointer for issue in made.issues] == found[: wdt_proto.MAX_ISSUES]
    assert made.omitted == max(0, len(found) - wdt_proto.MAX_ISSUES)


def test_the_list_is_a_list_that_pickles() -> None:
    made = wdt_proto.typed_rows(TRADES, [{"paid": "x"}])
    assert isinstance(made, list)
    for copied in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made)):  # noqa: S301
        assert (copied, copied.issues, copied.omitted) == (made, made.issues, 0)
    assert wdt_proto.TypedRows() == []
    assert json.dumps(wdt_proto.typed_rows(TRADES, b'[{"trade_id":"1"}]')) == '[{"trade_id": 1}]'


def test_limits_and_bad_bytes() -> None:
    with pytest.raises(wdt_proto.ValidationError, match="the limit is 3"):
        wdt_proto.typed_rows(TRADES, "[{}]", limits=wdt_proto.Limits(max_bytes=3))
    with pytest.raises(wdt_proto.ValidationError, match="nested deeper than 1"):
        wdt_proto.typed_rows(TRADES, [{}], limits=wdt_proto.Limits(max_depth=1))
    with pytest.raises(wdt_proto.ValidationError, match="not UTF-8 at byte 1"):
        wdt_proto.typed_rows(TRADES, b"[\xff]")
    with pytest.raises(wdt_proto.ValidationError, match="object cannot be written as JSON"):
        wdt_proto.typed_rows(TRADES, [object()])


def test_a_time_zone_is_no_other_than_that_of_requests() -> None:
    (row,) = wdt_proto.typed_rows(TRADES, [{"modified": 1686712380000}])
    assert row["modified"].isoformat() == "2023-06-14T11:13:00+08:00"


def test_what_the_catalogue_knows_of_rows() -> None:
    method = catalogue.method("wms.stockout.Sales.queryWithDetail")
    assert method is not None
    assert (method.rows, method.row_key, method.row_key_guess) == ("order", ("stockout_id",), ())
    assert method.span is not None
    assert (method.span.start, method.span.end) == ("start_time", "end_time")
    assert method.span.filters_on == "consigned"
    assert isinstance(method.span.modified_params, dict)
    assert method.failures is None
    push = catalogue.method("sales.RawTrade.pushSelf2")
    assert push is not None
    assert push.failures is not None
    assert (push.rows, push.span, push.history_of) == (None, None, "")
    assert (push.failures.list, push.failures.key) == ("/data/error_list", "no")
    assert push.failures.sent == "/params/rawTradeList/tid"
    assert pickle.loads(pickle.dumps(method)) == method  # noqa: S301
    assert "淘系" in {name for known in catalogue.methods() for name in known.excludes}
    assert any(known.pages_from_back for known in catalogue.methods())
    assert [known.name for known in catalogue.methods() if known.has_cursor]


@pytest.mark.parametrize("case", cases("failures.json"))
def test_failures(case: dict[str, Any]) -> None:
    response = wdt_proto.parse_response(f'{{"status":0,"data":{case["data"]}}}')
    found = wdt_proto.failures(response, case["method"])
    assert [vars(failure) for failure in found] == case["failures"]


def test_failures_without_data() -> None:
    assert wdt_proto.failures(wdt_proto.parse_response(b'{"status":0}')) == []


PUSH = "sales.RawTrade.pushSelf2"


def test_a_client_says_how_much_was_refused(caplog: pytest.LogCaptureFixture) -> None:
    refused = [{"no": "A-SECRET-ORDER", "error": "店铺不存在"}, {"no": "A2", "error": "重复"}]
    client, _ = scripted(ok({"new_count": 1, "error_list": refused}), ok({"error_list": []}))
    with caplog.at_level(logging.WARNING):
        response = client.call(PUSH, "shop", [], level="off")
        assert client.call(PUSH, "shop", [], level="off").method == PUSH
    (record,) = (one for one in caplog.records if "refused" in one.getMessage())
    assert record.levelno == logging.WARNING
    assert record.args == (PUSH, 2)
    assert "status 0, but refused 2 rows" in record.getMessage()
    assert "SECRET" not in repr(vars(record))
    assert response.method == PUSH
    assert [failure.key for failure in wdt_proto.failures(response)] == ["A-SECRET-ORDER", "A2"]
    copied = pickle.loads(pickle.dumps(response))  # noqa: S301
    assert (copied, copied.method) == (response, PUSH)


def test_a_query_is_not_looked_at(caplog: pytest.LogCaptureFixture) -> None:
    client, _ = scripted(ok([{"order_no": "A1", "error": "x"}]))
    with caplog.at_level(logging.WARNING):
        response = client.call("sales.LogisticsSync.getSyncListExt", 100, level="off")
    assert not [record for record in caplog.records if "refused" in record.getMessage()]
    assert wdt_proto.failures(response) == []
