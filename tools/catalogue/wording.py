"""A field's limits in words, as the generated types and the reference print them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model import Json, Type

if TYPE_CHECKING:
    from jsontext import Number

# How a date-time may be written; where nothing says which, as the first.
_LAYOUTS = ("yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd")
_RANGES = {"byte": "8 bits", "short": "16 bits", "long": "64 bits"}


def type_limits(field: Json) -> list[str]:
    """Return what the type of `field` itself restricts."""
    kind = Type.parse(field["type"])
    if kind.length is not None:
        return [f"at most {count(kind.length, 'character')}"]
    if kind.name == "decimal":
        return [field["type"]]
    return [_RANGES[kind.name]] if kind.name in _RANGES else []


def limits(field: Json, *, argument: bool) -> list[str]:
    """Everything that restricts the value of `field` besides its type and its codes."""
    words = []
    if "min" in field:
        words.append(f"at least {field['min'].text}")
    if "max" in field:
        words.append(f"at most {field['max'].text}")
    if "max_items" in field:
        noun = "row" if Type.parse(field["type"]).has_fields else "value"
        advice = " (advised)" if "max_items_advisory" in field else ""
        words.append(f"at most {count(int(field['max_items'].text), noun)}{advice}")
    if "separator" in field:
        whole = ", the length is that of all together" if "length_of_whole" in field else ""
        words.append(f"several values joined by `{field['separator']}`{whole}")
    if "longest" in field:
        words.append(f"up to {field['longest'].text} characters on the page of a sister")
    if "one_of" in field:
        words.append(f"one of these is enough / 任传其一: {', '.join(field['one_of'])}")
    words += layout(field, argument=argument)
    if "default" in field:
        words.append(f"default {field['default']}")
    return words + marks(field)


def layout(field: Json, *, argument: bool) -> list[str]:
    """How a date-time is written; of a reply nothing is checked, so evidence stays evidence."""
    words = []
    observed = field.get("observed_format")
    if "format" in field:
        words.append(field["format"])
    elif argument and field["type"] == "datetime":
        words.append(observed if observed in _LAYOUTS else _LAYOUTS[0])
    elif observed is not None:
        words.append(f"examples: {observed}")
    if "span_to" in field:
        words.append(f"the span ends at {field['span_to']}")
    return words


def marks(field: Json) -> list[str]:
    """Return what is not restricted, or not always."""
    words = []
    if "newer" in field:
        words.append(f"newer / 较新: {field['newer']}")
    if "open" in field:
        words.append("keys not documented")
    if "conditional" in field:
        words.append("required depending on other fields")
    elif "missing_tolerated" in field:
        words.append("required, though an example does without")
    if "empty_tolerated" in field:
        words.append("empty text tolerated")
    return words


def codes(field: Json) -> str:
    """Return the documented codes in one line, `1 审核, 2 取消`; empty if there are none."""
    if "enum" not in field:
        return ""
    listed = ", ".join(f"{code} {label}".rstrip() for code, label in field["enum"].items())
    mask = " (codes add up)" if field.get("bitmask") else ""
    return f"{listed}{', …' if field.get('enum_open') else ''}{mask}"


def span(limit: dict[str, Number]) -> str:
    """Return a span such as `30 days`."""
    return ", ".join(count(int(number.text), unit[:-1]) for unit, number in limit.items())


def count(number: int, noun: str) -> str:
    """Return a number with its noun: `1 day`, `30 days`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
