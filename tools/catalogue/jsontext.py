"""JSON whose numbers keep their text, and the layout of the catalogue's files.

`1.0000` and `1` are the same number but not the same text, and the text is what a signature
covers and what a decimal's scale shows in. So numbers are read into `Number` and written back
as they were.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Number:
    """A JSON number as it is written."""

    text: str


def loads(text: str) -> Any:
    """Parse JSON, keeping the text of every number."""
    return json.loads(text, parse_int=Number, parse_float=Number)


def dumps(value: Any, *, spaced: bool = False) -> str:
    """Write `value` on one line: with blanks after `,` and `:` if `spaced`, else without."""
    comma, colon = (", ", ": ") if spaced else (",", ":")
    if isinstance(value, Number):
        return value.text
    if isinstance(value, dict):
        members = (f"{_plain(k)}{colon}{dumps(v, spaced=spaced)}" for k, v in value.items())
        return "{" + comma.join(members) + "}"
    if isinstance(value, list):
        return "[" + comma.join(dumps(item, spaced=spaced) for item in value) + "]"
    return _plain(value)


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def indented(value: Any, width: int, level: int = 0) -> str:
    """Write `value` two blanks a level; what fits into `width` columns stays on one line."""
    flat = dumps(value, spaced=True)
    if not isinstance(value, dict | list) or 2 * level + len(flat) <= width:
        return flat
    pad = "  " * (level + 1)
    if isinstance(value, dict):
        items = [f"{pad}{_plain(k)}: {indented(v, width, level + 1)}" for k, v in value.items()]
        opening, closing = "{", "}"
    else:
        items = [f"{pad}{indented(item, width, level + 1)}" for item in value]
        opening, closing = "[", "]"
    return f"{opening}\n" + ",\n".join(items) + f"\n{'  ' * level}{closing}"


def method_file(document: dict[str, Any]) -> str:
    """Return the text of one method's file: a line for each key, each field and each example."""
    lines = [f'  "{key}": {_method_value(key, value)}' for key, value in document.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _method_value(key: str, value: Any) -> str:
    if key in ("params", "response"):
        return _field_list(value, "  ")
    if key == "examples":
        kinds = [f'    "{kind}": {_line_each(value[kind])}' for kind in value]
        return "{\n" + ",\n".join(kinds) + "\n  }"
    if key == "strict_example":
        return dumps(value)
    return dumps(value, spaced=True)


def _field_list(fields: list[dict[str, Any]], indent: str) -> str:
    if not fields:
        return "[]"
    lines = [f"{indent}  {_field(field, indent + '  ')}" for field in fields]
    return "[\n" + ",\n".join(lines) + f"\n{indent}]"


def _field(field: dict[str, Any], indent: str) -> str:
    members = [
        f'"{key}": {_field_list(value, indent) if key == "fields" else dumps(value, spaced=True)}'
        for key, value in field.items()
    ]
    return "{" + ", ".join(members) + "}"


def _line_each(examples: list[Any]) -> str:
    if not examples:
        return "[]"
    return "[\n" + ",\n".join(f"      {dumps(example)}" for example in examples) + "\n    ]"
