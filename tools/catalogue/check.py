"""What a list of arguments violates: the rules that the library applies, restated for the tools.

The severities are those of the default level; the strict level makes every issue an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from jsontext import Number
from model import INTEGER_BITS, Json, Type

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMATS = {
    "yyyy-MM-dd HH:mm:ss": ("%Y-%m-%d %H:%M:%S", 19),
    "yyyy-MM-dd HH:mm": ("%Y-%m-%d %H:%M", 16),
    "yyyy-MM-dd": ("%Y-%m-%d", 10),
}
DATETIME_LAYOUT = "yyyy-MM-dd HH:mm:ss"
_UNSUPPORTED = re.compile("[\ud800-\udfff\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class Issue:
    """One violation: where (a JSON pointer into the body), which, and whether it is an error."""

    pointer: str
    code: str
    error: bool


def check(method: Json, arguments: Any) -> list[Issue]:
    """All issues of `arguments`, the body of a call of `method`, in document order."""
    if not isinstance(arguments, list):
        return [Issue("", "not_an_array", error=True)]
    params = method["params"]
    issues: list[Issue] = []
    if len(arguments) > len(params):
        issues.append(Issue("", "argument_count", error=True))
    for index, param in enumerate(params):
        if index < len(arguments):
            issues.extend(_present(method, param, arguments[index], f"/{index}"))
        elif param["required"]:
            issues.append(_missing(param, f"/{index}"))
    return issues


def _missing(field: Json, pointer: str) -> Issue:
    return Issue(pointer, "missing", error="missing_tolerated" not in field)


def _present(method: Json, field: Json, value: Any, pointer: str) -> Iterator[Issue]:
    if value is None:
        if field["required"]:
            yield Issue(pointer, "null", error="null_tolerated" not in field)
        return
    kind = Type.parse(field["type"])
    if kind.item is not None:
        yield from _list(method, field, kind, value, pointer)
    elif kind.name in ("object", "map"):
        if not isinstance(value, dict):
            yield Issue(pointer, "type", error=True)
        elif "fields" in field:
            yield from _object(method, field, value, pointer)
    elif kind.name != "unknown":
        yield from _scalar(field, kind, value, pointer)


def _list(method: Json, field: Json, kind: Type, value: Any, pointer: str) -> Iterator[Issue]:
    if not isinstance(value, list):
        yield Issue(pointer, "type", error=True)
        return
    yield from _batch(field, len(value), pointer)
    for index, item in enumerate(value):
        here = f"{pointer}/{index}"
        if kind.item != "object":
            yield from _scalar({}, Type(kind.item or ""), item, here)
        elif not isinstance(item, dict):
            yield Issue(here, "type", error=True)
        elif "fields" in field:
            yield from _object(method, field, item, here)


def _object(method: Json, field: Json, value: Json, pointer: str) -> Iterator[Issue]:
    known = {child["name"]: child for child in field["fields"]}
    for name, member in value.items():
        here = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
        if name in known:
            yield from _present(method, known[name], member, here)
        else:
            yield Issue(here, "unknown_field", error=False)
    for name, child in known.items():
        if child["required"] and name not in value:
            yield _missing(child, f"{pointer}/{name}")
    yield from _spans(method, field, value, pointer)


def _spans(method: Json, field: Json, value: Json, pointer: str) -> Iterator[Issue]:
    longest = max(map(duration, span_limits(method)), default=timedelta.max)
    for start, end in spans(field, value):
        first, last = parse_time(value[start]), parse_time(value[end])
        if first is None or last is None:
            continue
        if not timedelta(0) <= last - first <= longest:
            yield Issue(f"{pointer}/{end}", "span", error="span_tolerated" not in method)


def _batch(field: Json, count: int, pointer: str) -> Iterator[Issue]:
    if "max_items" in field and count > _int(field["max_items"]):
        yield Issue(pointer, "batch", error="max_items_advisory" not in field)


def _scalar(field: Json, kind: Type, value: Any, pointer: str) -> Iterator[Issue]:
    if value == "" and field.get("empty_tolerated"):
        yield Issue(pointer, "coercible_type", error=False)
        return
    found = _typed(kind, value)
    if found is not None:
        yield Issue(pointer, found, error=found != "coercible_type")
        if found != "coercible_type":
            return
    elif kind.name == "string" and kind.length is not None and len(value) > kind.length:
        yield Issue(pointer, "too_long", error=True)
    if isinstance(value, str) and _UNSUPPORTED.search(value):
        yield Issue(pointer, "unsupported_character", error=True)
    layout = prescribed_layout(field, kind)
    if layout is not None and not matches(layout, value):
        yield Issue(pointer, "format", error=True)
    if "separator" in field:
        yield from _batch(field, len(scalar_text(value).split(field["separator"])), pointer)
    if "enum" in field and not in_enum(field, value):
        yield Issue(pointer, "enum", error=False)
    if ("min" in field or "max" in field) and not _within(field, value):
        yield Issue(pointer, "out_of_range", error=True)


def _typed(kind: Type, value: Any) -> str | None:
    """Return the issue that `value` has as a `kind`: `None`, a code, or `coercible_type`."""
    if isinstance(value, dict | list) or value is None:
        return "type"
    if kind.name in {"string", "datetime"}:
        if isinstance(value, str):
            return None
        return "type" if isinstance(value, bool) else "coercible_type"
    text = scalar_text(value)
    if kind.name == "bool":
        if isinstance(value, bool):
            return None
        return "coercible_type" if text in ("0", "1", "true", "false") else "type"
    if isinstance(value, bool):
        return "type" if kind.name == "decimal" else "coercible_type"
    return _number(kind, text, "coercible_type" if isinstance(value, str) else None)


def _number(kind: Type, text: str, found: str | None) -> str | None:
    """Judge a number's text; `found` is the issue that it has already."""
    if not _NUMBER.fullmatch(text):
        return "type"
    try:
        number = Decimal(text)
    except InvalidOperation:  # an exponent past what Decimal holds
        return "scale" if "-" in text.lower().partition("e")[2] else "out_of_range"
    if kind.name == "decimal":
        return _decimal(kind, number) or found
    if number != number.to_integral_value():
        return "type"
    bits = INTEGER_BITS[kind.name]
    if not -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
        return "out_of_range"
    return found if re.fullmatch(r"-?[0-9]+", text) else "coercible_type"


def _decimal(kind: Type, number: Decimal) -> str | None:
    precision, scale = kind.precision or 0, kind.scale or 0
    if number and number.adjusted() >= precision - scale:
        return "out_of_range"
    exponent = number.normalize().as_tuple().exponent
    return "scale" if isinstance(exponent, int) and -exponent > scale else None


def _within(field: Json, value: Any) -> bool:
    if isinstance(value, bool):
        return True
    number = Decimal(scalar_text(value))
    low, high = field.get("min"), field.get("max")
    return (low is None or number >= Decimal(low.text)) and (
        high is None or number <= Decimal(high.text)
    )


def _int(number: Number) -> int:
    return int(number.text)


def scalar_text(value: Any) -> str:
    """Return a string's content, a number's text, `true` or `false`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.text if isinstance(value, Number) else str(value)


def in_enum(field: Json, value: Any) -> bool:
    """Whether `value` is one of the field's codes, several of them if it is made to hold such."""
    codes = set(field["enum"])
    text = scalar_text(value)
    if field["type"] == "bool":
        return bool(codes & {text, {"true": "1", "false": "0", "1": "true"}.get(text, "false")})
    if "separator" in field:
        return all(part.strip() in codes for part in text.split(field["separator"]))
    if field.get("bitmask") and text.isdecimal():
        every = 0
        for code in codes:
            every |= int(code)
        return text in codes or int(text) & ~every == 0
    return text in codes


def prescribed_layout(field: Json, kind: Type) -> str | None:
    """How a date-time has to be written: evidence counts only where the type asks for one."""
    if "format" in field or kind.name != "datetime":
        layout: str | None = field.get("format")
        return layout
    observed = field.get("observed_format")
    return observed if observed in FORMATS else DATETIME_LAYOUT


def matches(layout: str, value: Any) -> bool:
    """Whether `value` is a date-time written in `layout`."""
    if layout not in FORMATS:
        return True
    pattern, length = FORMATS[layout]
    text = scalar_text(value)
    if len(text) != length:
        return False
    try:
        datetime.strptime(text, pattern)
    except ValueError:
        return False
    return True


def parse_time(value: Any) -> datetime | None:
    """`value` as a time if it is written in one of the known formats."""
    if isinstance(value, str):
        for layout, (pattern, _) in FORMATS.items():
            if matches(layout, value):
                return datetime.strptime(value, pattern)
    return None


def spans(field: Json, value: Json) -> list[tuple[str, str]]:
    """Pair the members of `value`, an object that `field` describes, that bound a span."""
    pairs = [(child["name"], child.get("span_to")) for child in field["fields"]]
    return [(start, end) for start, end in pairs if end and start in value and end in value]


def span_limits(method: Json) -> list[Json]:
    """List the longest spans, shortest first; which one holds depends on the arguments."""
    limits = [method["max_span"]] if "max_span" in method else []
    return sorted([*limits, *method.get("max_span_other", [])], key=duration)


def duration(limit: Json) -> timedelta:
    """Return a span such as `{"days": 30}` as a length of time."""
    return timedelta(**{unit: _int(count) for unit, count in limit.items()})
