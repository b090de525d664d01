"""The catalogue as the tools see it: where it lies, how it is read, how overlays are laid on.

A method is the `dict` of its file, a field the `dict` of its line; the schemas in
`crates/wdt-proto/catalogue/schema` document every key.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsontext

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "crates" / "wdt-proto" / "catalogue"
OVERLAYS = CATALOGUE / "overlays"
SCHEMAS = CATALOGUE / "schema"
EXCEPTIONS = CATALOGUE / "exceptions.json"

Json = dict[str, Any]

_TYPE = re.compile(
    r"(?P<name>string|decimal|int|long|short|byte|bool|datetime|object|map|unknown"
    r"|list<(?:object|string|int|long)>)"
    r"(?:\((?P<first>[0-9]+)(?:,(?P<second>[0-9]+))?\))?"
)
INTEGER_BITS = {"byte": 8, "short": 16, "int": 32, "long": 64}


@dataclass(frozen=True)
class Type:
    """A field's type, taken apart: `decimal(19,4)` is `decimal` with 19 and 4."""

    name: str
    length: int | None = None
    precision: int | None = None
    scale: int | None = None

    @classmethod
    def parse(cls, text: str) -> Type:
        """Read a type; `ValueError` if it is not one of the catalogue's."""
        match = _TYPE.fullmatch(text)
        if match is None:
            message = f"unknown type {text!r}"
            raise ValueError(message)
        name, first, second = match["name"], match["first"], match["second"]
        if name == "decimal" and second is not None:
            return cls(name, precision=int(first), scale=int(second))
        if name == "string" and second is None:
            return cls(name, length=int(first) if first else None)
        if name == "decimal" or first is not None:
            message = f"wrong arguments in type {text!r}"
            raise ValueError(message)
        return cls(name)

    @property
    def item(self) -> str | None:
        """What a list holds; `None` if this is no list."""
        return self.name[5:-1] if self.name.startswith("list<") else None

    @property
    def has_fields(self) -> bool:
        """Whether fields may stand under this type."""
        return self.name in ("object", "list<object>")


@dataclass(frozen=True)
class Correction:
    """One correction of an overlay, as it was applied."""

    target: str
    """The path of the field that was changed or added; empty for the method itself."""
    change: Json
    reason: str
    adds: bool = False


@dataclass
class Method:
    """A method with its overlay applied; `corrections` tells what the overlay changed."""

    data: Json
    corrections: list[Correction] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The method's name on the wire."""
        return str(self.data["method"])

    @property
    def documented(self) -> bool:
        """Whether the vendor has a page for it, so that arguments and reply are known."""
        return bool(self.data["documented"])

    @property
    def params(self) -> list[Json]:
        """The positional arguments."""
        params: list[Json] = self.data.get("params", [])
        return params

    @property
    def response(self) -> list[Json]:
        """The top-level fields of the reply."""
        response: list[Json] = self.data.get("response", [])
        return response

    def examples(self, kind: str) -> list[Any]:
        """Return the documented examples: `request`, `php` or `response`."""
        examples: list[Any] = self.data.get("examples", {}).get(kind, [])
        return examples

    def row_field(self) -> Json | None:
        """Return the field of the reply whose elements are the rows of a query."""
        if "rows" not in self.data:
            return None
        rows = self.data["rows"]
        return find(self.data, f"/response/data/{rows}" if rows else "/response/data")


def method_files() -> list[Path]:
    """Return the files of all methods, in the order of their names."""
    return sorted(path for path in CATALOGUE.glob("*.json") if path != EXCEPTIONS)


def overlay_files() -> list[Path]:
    """Return the files of all overlays, in the order of their names."""
    return sorted(OVERLAYS.glob("*.json"))


def read(path: Path) -> Any:
    """Read one JSON file, keeping the text of its numbers."""
    return jsontext.loads(path.read_text(encoding="utf-8"))


def load() -> list[Method]:
    """All methods in the order of their names, overlays applied."""
    return [with_overlay(read(path)) for path in method_files()]


def with_overlay(data: Json) -> Method:
    """Return `data` with the overlay of its method applied, if there is one."""
    path = OVERLAYS / f"{data['method']}.json"
    method = Method(copy.deepcopy(data))
    if path.exists():
        for entry in read(path)["corrections"]:
            _correct(method.data, entry)
            method.corrections.append(_told(entry))
    return method


def _told(entry: Json) -> Correction:
    if "set" in entry:
        return Correction(entry["path"], entry["set"], entry["reason"])
    target = f"{entry['path']}/{entry['add']['name']}"
    return Correction(target, entry["add"], entry["reason"], adds=True)


def _correct(data: Json, entry: Json) -> None:
    """Apply one correction in place; `LookupError` if its path leads nowhere."""
    if "set" in entry:
        target = find(data, entry["path"]) if entry["path"] else data
        target.update(copy.deepcopy(entry["set"]))
        return
    siblings = children(data, entry["path"])
    new = entry["add"]
    if any(sibling["name"] == new["name"] for sibling in siblings):
        message = f"{data['method']}: {entry['path']}/{new['name']} is there already"
        raise LookupError(message)
    siblings.append(copy.deepcopy(new))


def find(data: Json, path: str) -> Json:
    """Return the field at `path`, such as `/params/info/syn_stock`."""
    parent, _, name = path.rpartition("/")
    for candidate in children(data, parent):
        if candidate["name"] == name:
            return candidate
    message = f"{data['method']}: no field at {path}"
    raise LookupError(message)


def children(data: Json, path: str) -> list[Json]:
    """Return the fields under `path`: `/params` and `/response` are the outermost."""
    fields: list[Json]
    if path in ("/params", "/response"):
        fields = data[path[1:]]
        return fields
    if not path.rpartition("/")[0]:
        message = f"{data['method']}: no fields at {path!r}"
        raise LookupError(message)
    fields = find(data, path).setdefault("fields", [])
    return fields


def is_time(field: Json) -> bool:
    """Whether a field of a reply holds a moment, however it is typed."""
    return field["type"] == "datetime" or "format" in field or "observed_format" in field


def alternatives(field: Json) -> set[str]:
    """Return the names of those fields of an object that others may stand in for."""
    return {name for way in field.get("one_of", []) for name in way.split("+")}


def walk(fields: list[Json], path: str) -> list[tuple[str, Json]]:
    """Every field of every level with its path, outer ones first."""
    found = []
    for entry in fields:
        here = f"{path}/{entry['name']}"
        found.append((here, entry))
        found.extend(walk(entry.get("fields", []), here))
    return found
