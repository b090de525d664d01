"""A request body that breaks no rule, made from a documented example as gently as possible.

The vendor's examples leave required fields out, quote numbers and spell fields differently.
Users copy examples, so each method gets one that the strict level accepts.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import check
from check import scalar_text
from jsontext import Number
from model import Json, Type

# What no rule of the catalogue knows, by method and argument: values with a meaning of their own,
# and the right spelling of what an example misspells (null takes a field out).
MEANINGFUL: dict[str, dict[int, Json]] = {
    "sales.StockSync.syncFail": {
        1: {"stock_syn_other": "", "is_syn_success": False, "syn_result": "店铺接口超时"}
    },
    "sales.StockSync.syncSuccess": {
        1: {"stock_syn_other": "", "is_syn_success": True, "syn_result": "同步成功"}
    },
    "wms.StockShelve.queryWithDetail": {
        0: {"start_time": "2020-01-01 00:00:00", "end_time": "2020-01-20 00:00:00"}
    },
    "wms.stockin.Refund.returnLogisticsPackageQuery": {
        0: {
            "start_time": "2024-02-21 00:00:00",
            "end_time": "2024-03-18 00:00:00",
            "startTime": None,
            "endTime": None,
        }
    },
}

_ABSENT = object()
_LIKE_A_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-")
_START, _LATE, _HOUR_LATE = "2026-11-01 00:00:00", "2026-11-01 23:59:59", "2026-11-01 00:59:59"


def strict_example(method: Json, examples: list[Any]) -> Any:
    """Return the first of `examples` that has no issue at all; else the first one, mended.

    Where several spans are allowed, depending on the arguments, it keeps to the shortest.
    """
    spans = check.span_limits(method)
    if spans:
        method = {**method, "max_span": spans[0], "max_span_other": []}
    for example in examples:
        if not check.check(method, example) and not _has_null(example):
            return example
    source = next((example for example in examples if isinstance(example, list)), [])
    arguments: list[Any] = []
    params = method["params"]
    last_required = max((i for i, param in enumerate(params) if param["required"]), default=-1)
    meaningful = MEANINGFUL.get(method["method"], {})
    for index, param in enumerate(params):
        value: Any = source[index] if index < len(source) else _ABSENT
        if index in meaningful:
            value = value | meaningful[index]
        mended = _mend(param, value, required=index <= last_required)
        if mended is _ABSENT:
            break
        arguments.append(mended)
    longest = max(map(check.duration, check.span_limits(method)), default=timedelta.max)
    for param, argument in zip(params, arguments, strict=False):
        _mend_spans(longest, param, argument)
    return arguments


def _has_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_null(member) for member in value.values())
    if isinstance(value, list):
        return any(_has_null(item) for item in value)
    return value is None


def _mend(field: Json, value: Any, *, required: bool) -> Any:
    """`value` made right for `field`; `_ABSENT` where it cannot be and need not."""
    mended = _ABSENT if value is None or value is _ABSENT else _fit(field, value)
    if mended is _ABSENT and required:
        return _invent(field)
    return mended


def _fit(field: Json, value: Any) -> Any:
    kind = Type.parse(field["type"])
    if kind.name == "object":
        return _fit_object(field, value) if isinstance(value, dict) else _ABSENT
    if kind.item == "object":
        if not isinstance(value, list):
            return _ABSENT
        rows = [_fit_object(field, row) for row in value if isinstance(row, dict)]
        return rows or _ABSENT
    if kind.item is not None:
        if not isinstance(value, list):
            return _ABSENT
        items = [_fit_scalar({}, Type(kind.item), item) for item in value]
        return [item for item in items if item is not _ABSENT] or _ABSENT
    if kind.name in ("map", "unknown"):
        return value
    return _fit_scalar(field, kind, value)


def _fit_object(field: Json, value: Json) -> Json:
    known = {child["name"]: child for child in field.get("fields", [])}
    if not known:
        return value
    result = {}
    for name in [*value, *(name for name in known if name not in value)]:
        if name in known:
            mended = _mend(known[name], value.get(name, _ABSENT), required=known[name]["required"])
            if mended is not _ABSENT:
                result[name] = mended
    return result


def _fit_scalar(field: Json, kind: Type, value: Any) -> Any:
    if isinstance(value, dict | list):
        return _ABSENT
    text = scalar_text(value)
    if kind.name in ("string", "datetime"):
        result: Any = _shortened(field, kind, text)
    elif kind.name == "bool":
        result = {"true": True, "1": True, "false": False, "0": False}.get(text, _ABSENT)
    elif kind.name == "decimal":
        result = Number(text)
    else:
        text = {"true": "1", "false": "0"}.get(text, text)
        result = Number(re.sub(r"\.0+$", "", text))
    if result is _ABSENT or _breaks_a_rule(field, kind, result):
        return _ABSENT
    return result


def _shortened(field: Json, kind: Type, text: str) -> str:
    if kind.length is None or len(text) <= kind.length:
        return text
    cut = text[: kind.length]
    separator = field.get("separator")
    return cut.rpartition(separator)[0] if separator and separator in cut else cut


def _breaks_a_rule(field: Json, kind: Type, value: Any) -> bool:
    shape = {"method": "", "params": [{"required": True, **field, "type": _type_text(kind)}]}
    layout = field.get("observed_format")
    if layout is not None and not check.matches(layout, value):
        return True
    if _LIKE_A_DATE.match(scalar_text(value)) and check.parse_time(value) is None:
        return True
    return bool(check.check(shape, [value]))


def _type_text(kind: Type) -> str:
    if kind.name == "decimal":
        return f"decimal({kind.precision},{kind.scale})"
    return kind.name if kind.length is None else f"{kind.name}({kind.length})"


def _invent(field: Json) -> Any:
    """Return a plausible value for a field of which no usable one is documented."""
    kind = Type.parse(field["type"])
    if kind.name == "object":
        return _fit_object(field, {})
    if kind.item == "object":
        return [_fit_object(field, {})]
    if kind.name in ("map", "unknown"):
        return {}
    if kind.item is not None:
        return [_invent_scalar({}, Type(kind.item))]
    return _invent_scalar(field, kind)


def _invent_scalar(field: Json, kind: Type) -> Any:
    if kind.name == "bool":
        return False
    if "enum" in field:
        code = next(iter(field["enum"]))
        return code if kind.name in ("string", "datetime") else Number(code)
    layout = field.get("format") or field.get("observed_format")
    name = field.get("name", "")
    bounds_a_span = re.fullmatch(r"(start|end)_(time|date)", name) is not None
    if kind.name == "datetime" or layout in check.FORMATS or bounds_a_span:
        moment = _LATE if name.startswith("end") else _START
        return moment[: check.FORMATS.get(layout or "", ("", 19))[1]]
    if kind.name == "string":
        text = "https://example.com/A001" if name.endswith("_url") else "A001"
        return text[: kind.length]
    if kind.name == "decimal":
        return Number("1." + "0" * kind.scale if kind.scale else "1")
    return field.get("min", Number("1"))


def _mend_spans(limit: timedelta, field: Json, value: Any) -> None:
    """Bring every pair of times in `value`, a `field`, into order and within `limit`."""
    if isinstance(value, list):
        for item in value:
            _mend_spans(limit, field, item)
        return
    if not isinstance(value, dict) or "fields" not in field:
        return
    for start, end in check.spans(field, value):
        first, last = check.parse_time(value[start]), check.parse_time(value[end])
        if first is None and last is None:
            continue
        if first is None or last is None or first >= last or last - first > limit:
            late = _HOUR_LATE if limit < timedelta(days=1) else _LATE
            length = len(value[start] if first is not None else value[end])
            value[start], value[end] = _START[:length], late[:length]
    for child in field["fields"]:
        _mend_spans(limit, child, value.get(child["name"]))
