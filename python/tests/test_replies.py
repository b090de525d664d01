"""Replies as Python objects, held against what Python's own `json` reads."""

from __future__ import annotations

import copy
import json
import pickle
from decimal import Decimal
from typing import Any

import wdt_proto
from hypothesis import given
from hypothesis import strategies as st

# Few keys and values: rows repeat them, as those of a reply do.
KEYS = st.sampled_from(
    ["goods_no", "spec_no", "price", "数量", "a\u0009b", "remark", "x", "y", "z"]
)
SCALARS = st.one_of(
    st.sampled_from(
        ["", "6", "1.0000", "短袖 男士纯棉圆领", "long " * 30, "\ud83d\ude00", 'q"uote']
    ),
    # The same ends, or the start of one another: what was made of one is not the other's.
    st.sampled_from(["1234567", "12345678", "1234567812345678", "12345678x12345678"]),
    st.sampled_from(["12345678y12345678", "\0" * 3, "\0" * 4, "\0" * 8]),
    st.sampled_from([0, 1, -7, 2**31, 2**63, -(2**200), True, False, None]),
    st.text(max_size=5),
)
NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,15})\.[0-9]{1,4}([eE][+-]?[0-9]{1,2})?", fullmatch=True)


class Number(str):
    """A number as it stands in the text."""

    __slots__ = ()


Value = st.recursive(
    SCALARS | NUMBERS.map(Number),
    lambda inner: (
        st.lists(inner, max_size=4)
        # As pairs, not as a dict: a key may come twice, and in any order.
        | st.lists(st.tuples(KEYS, inner), max_size=9).map(tuple)
    ),
    max_leaves=40,
)


def write(value: object) -> str:
    """Write JSON; tuples are the members of objects."""
    if isinstance(value, tuple):
        return "{" + ",".join(f"{json.dumps(k)}:{write(v)}" for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(write, value)) + "]"
    return str(value) if isinstance(value, Number) else json.dumps(value)


def same(ours: object, theirs: object) -> bool:
    """Compare to the letter: types, the order of members, the zeros behind a decimal."""
    if type(ours) is not type(theirs):
        return False
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return list(ours) == list(theirs) and all(map(same, ours.values(), theirs.values()))
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    return bool(str(ours) == str(theirs))


def parsed(text: str) -> Any:  # noqa: ANN401
    return wdt_proto.parse_response(f'{{"status":0,"data":{text}}}'.encode()).data


@given(Value)
def test_any_data_is_what_json_reads(value: object) -> None:
    text = write(value)
    assert same(parsed(text), json.loads(text, parse_float=Decimal))


@given(st.lists(st.lists(st.tuples(KEYS, SCALARS | NUMBERS.map(Number)), min_size=5).map(tuple)))
def test_rows_with_other_keys_and_orders_are_what_json_reads(rows: list[Any]) -> None:
    text = write(rows + rows)
    assert same(parsed(text), json.loads(text, parse_float=Decimal))


def test_rows_are_objects_of_their_own() -> None:
    row = '{"a":[1],"b":{"c":1},"d":3,"e":4,"f":5,"g":6,"h":7}'
    first, second = parsed(f"[{row},{row}]")
    first["a"].append(2)
    first["b"]["c"] = 2
    first["d"] = 0
    assert second == {"a": [1], "b": {"c": 1}, "d": 3, "e": 4, "f": 5, "g": 6, "h": 7}


def large(last: str = "1") -> bytes:
    """Write a reply that is large enough to be parsed without the GIL."""
    row = '{"spec_no":"SP1","price":1.0000,"prop1":"","prop2":"","prop3":"","prop4":"","n":%d}'
    rows = ",".join(row % n for n in range(2000))
    return f'{{"status":0,"data":[{rows},{last}]}}'.encode()


def test_a_large_reply_is_what_json_reads() -> None:
    reply = wdt_proto.parse_response(large())
    assert same(reply.data, json.loads(large(), parse_float=Decimal)["data"])
    assert reply.raw_data == large().decode()[len('{"status":0,"data":') : -1]


def test_a_response_can_be_copied_and_compared() -> None:
    reply = wdt_proto.parse_response('{"status":0,"data":{"名":1.50},"total":7}')
    for other in (copy.deepcopy(reply), pickle.loads(pickle.dumps(reply))):  # noqa: S301
        assert other == reply
        assert (other.raw_data, other.total) == ('{"名":1.50}', 7)
    assert wdt_proto.parse_response('{"status":0,"data":{"名":1.5},"total":7}') != reply
    assert repr(reply) == "Response(data={'名': Decimal('1.50')}, total=7)"
    assert wdt_proto.parse_response('{"status":0}').raw_data is None
