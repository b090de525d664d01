"""A field's limits in words, as the generated types and the reference print them."""

from __future__ import annotations

from jsontext import Number
from model import Json, Type

_RANGES = {"byte": "8 bits", "short": "16 bits", "long": "64 bits"}


def type_limits(field: Json) -> list[str]:
    """What the type of `field` itself restricts."""
    kind = Type.parse(field["type"])
    if kind.length is not None:
        return [f"at most {count(kind.length, 'character')}"]
    if kind.name == "decimal":
        return [field["type"]]
    return [_RANGES[kind.name]] if kind.name in _RANGES else []


def limits(field: Json) -> list[str]:
    """Everything that restricts the value of `field` besides its type and its codes."""
    words = []
    if "min" in field:
        words.append(f"at least {field['min'].text}")
    if "max" in field:
        words.append(f"at most {field['max'].text}")
    if "max_items" in field:
        words.append(f"at most {count(int(field['max_items'].text), 'value')}")
    if "separator" in field:
        words.append(f"several values joined by `{field['separator']}`")
    if "format" in field:
        words.append(field["format"])
    elif "observed_format" in field:
        words.append(f"examples: {field['observed_format']}")
    if "default" in field:
        words.append(f"default {field['default']}")
    if field.get("open"):
        words.append("keys not documented")
    if field.get("conditional"):
        words.append("required depending on other fields")
    elif field.get("missing_tolerated"):
        words.append("required, though an example does without")
    return words


def codes(field: Json) -> str:
    """The documented codes in one line, `1 审核, 2 取消`; empty if there are none."""
    if "enum" not in field:
        return ""
    listed = ", ".join(f"{code} {label}".rstrip() for code, label in field["enum"].items())
    mask = " (codes add up)" if field.get("bitmask") else ""
    return f"{listed}{', …' if field.get('enum_open') else ''}{mask}"


def span(limit: dict[str, Number]) -> str:
    """A span such as `30 days`."""
    return ", ".join(count(int(number.text), unit[:-1]) for unit, number in limit.items())


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 day`, `30 days`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
