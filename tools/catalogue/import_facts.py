#!/usr/bin/env python3
"""Write the catalogue's files from a folder of facts read off the vendor's pages.

    tools/catalogue/import_facts.py FACTS          write crates/wdt-proto/catalogue/<method>.json
    tools/catalogue/import_facts.py FACTS --diff   write nothing, show what would change

FACTS may be left out where the environment variable WDT_FACTS names the folder. With `--diff`
the exit status is 1 if anything differs. Overlays and exceptions are written by
hand and never touched; overlays are read, because the strict example follows the
corrected method.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import check
import jsontext
import model
from model import Json, Type
from strict_example import strict_example

if TYPE_CHECKING:
    from collections.abc import Iterator

# In the vendor's index, but without a page; `system.Core.now` is not even there, and answers.
NAMED_ONLY = {
    "sales.TradeEdit.uploadChangeGoodsByApi": "优先级换货策略写入和更新",
    "sales.TradeQuery.getLog2": "订单日志批量查询",
    "setting.strategy.VirtualWarehouse.strategyAllocationQuery": "虚拟仓库存分配策略查询",
    "system.Core.now": "服务器时间",
    "wms.ErrorCorrection.queryWithDetail": "纠错单查询",
    "wms.GoodsBatch.createByApi": "批次号创建",
}

# A method reads if one of the words of its last name is one of these; what they do not decide
# counts as writing, and an overlay says otherwise.
READING_WORDS = frozenset({"calc", "get", "query", "search"})

METHOD_FACTS = (
    "page_size_max",
    "page_size_advised",
    "max_span",
    "max_span_other",
    "span_tolerated",
    "max_batch",
    "max_batch_advisory",
    "own_platform_only",
    "qimen_only",
    "replaced_by",
    "permissions",
)
METHOD_KEYS = (
    *("method", "title", "category", "since", "documented", "writes", "paged"),
    *METHOD_FACTS,
    *("params", "response", "examples", "strict_example"),
)
FIELD_KEYS = (
    *("name", "label", "type", "required"),
    *("missing_tolerated", "null_tolerated", "empty_tolerated", "conditional"),
    *("enum", "enum_open", "bitmask", "separator", "min", "max"),
    *("max_items", "max_items_advisory"),
    *("default", "format", "observed_format", "span_to", "open", "fields"),
)
# What a field's line takes over as the facts have it.
FIELD_FACTS = (
    *("conditional", "enum_open", "bitmask", "separator", "min", "max", "max_items"),
    *("format", "observed_format", "span_to"),
)
NO_DEFAULT = ("", "无")
# Where an empty text in an example tells something: a string may always be empty.
NEVER_EMPTY = ("decimal", "int", "long", "short", "byte", "bool", "datetime")
# What a page means that writes `Decimal` or `BigDecimal` alone.
VENDORS_DECIMAL = "decimal(19,4)"


class Evidence:
    """What the documented request examples do with one field."""

    def __init__(self, values: list[Any]) -> None:
        """Take the objects (or argument lists) of all examples that could hold the field."""
        self.parents = values

    @classmethod
    def arguments(cls, examples: list[Any]) -> Evidence:
        """Return the evidence for the arguments themselves, named by their positions."""
        return cls([dict(enumerate(e)) for e in examples if isinstance(e, list)])

    def missing(self, key: str | int) -> bool:
        """Whether an example does without the field."""
        return any(key not in parent for parent in self.parents)

    def null(self, key: str | int) -> bool:
        """Whether an example has null in the field."""
        return any(key in parent and parent[key] is None for parent in self.parents)

    def empty(self, key: str | int) -> bool:
        """Whether an example has an empty text in the field."""
        return any(parent.get(key) == "" for parent in self.parents)

    def below(self, key: str | int, kind: str) -> Evidence:
        """Return the evidence for the fields of an object, or of a list's objects."""
        found = [parent[key] for parent in self.parents if key in parent]
        if kind == "list<object>":
            found = [item for value in found if isinstance(value, list) for item in value]
        return Evidence([value for value in found if isinstance(value, dict)])


def convert(facts: Json) -> Json:
    """Return the catalogue's document of one method."""
    requests = _examples(facts, "request")
    data: Json = {"documented": True, "writes": writes(facts["method"])}
    for key in ("method", "title", "category", "paged"):
        data[key] = facts[key]
    data.update({key: facts[key] for key in ("since", *METHOD_FACTS) if facts.get(key)})
    known = _with_span_ends(facts["params"], has_span="max_span" in data)
    evidence = Evidence.arguments(requests)
    data["params"] = [_field(field, index, evidence) for index, field in enumerate(known)]
    data["response"] = [_field(field, field["name"], None) for field in facts["response"]]
    data["examples"] = {"request": requests, "response": _examples(facts, "response")}
    _limit_rows(data)
    corrected = model.with_overlay(data).data
    if any(issue.code == "span" for each in requests for issue in check.check(corrected, each)):
        data["span_tolerated"] = corrected["span_tolerated"] = True
    data["strict_example"] = strict_example(corrected, requests)
    return _in_order(data, METHOD_KEYS)


def writes(method: str) -> bool:
    """Whether a method changes something, by the words of its name: `batchCalcStock` does not."""
    words = re.findall("[A-Za-z][a-z]*", method.rpartition(".")[2])
    return not READING_WORDS & {word.lower() for word in words}


def _in_order(data: Json, keys: tuple[str, ...]) -> Json:
    return {key: data[key] for key in keys if key in data}


def _with_span_ends(fields: list[Json], *, has_span: bool) -> list[Json]:
    """`fields` with `span_to` where one begins a span of time that a sibling ends."""
    names = {field["name"] for field in fields}
    result = []
    for field in fields:
        name = field["name"]
        end = re.sub("_from$", "_to", re.sub("start|begin", "end", name))
        below = _with_span_ends(field.get("fields", []), has_span=has_span)
        marked = {**field, "fields": below}
        if end != name and end in names and (has_span or _is_time(field)):
            marked["span_to"] = end
        result.append(marked)
    return result


def _is_time(field: Json) -> bool:
    layouts = {field.get("format"), field.get("observed_format")}
    return (
        field["kind"] == "datetime"
        or bool(layouts & set(check.FORMATS))
        or "时间" in field["label"]
    )


def _limit_rows(data: Json) -> None:
    """Put the most rows of a call on the list that holds them, the first that is an argument.

    Where the overlay leaves no argument a list, the overlay also has to say where the rows are.
    """
    if "max_batch" not in data or data["max_batch"].text == "1":
        return
    corrected = model.with_overlay(data).params
    rows = next((i for i, field in enumerate(corrected) if Type.parse(field["type"]).item), None)
    if rows is None:
        return
    marks: Json = {"max_items": data["max_batch"]}
    if data.get("max_batch_advisory"):
        marks["max_items_advisory"] = True
    data["params"][rows] = _in_order({**data["params"][rows], **marks}, FIELD_KEYS)


def _examples(facts: Json, kind: str) -> list[Any]:
    mended = facts.get(f"{kind}_examples_mended", [])
    texts = [*facts[f"{kind}_examples_raw"], *(entry["raw"] for entry in mended)]
    return [jsontext.loads(text) for text in texts]


def _field(facts: Json, key: str | int, evidence: Evidence | None) -> Json:
    """Return the catalogue's line of one field; without evidence it is a field of the reply."""
    kind = facts["kind"]
    field: Json = {"name": facts["name"], "label": facts["label"], "type": _type(facts)}
    field["required"] = facts["required"] is True
    field.update({key: facts[key] for key in FIELD_FACTS if facts.get(key)})
    if evidence is not None:
        field.update(_tolerances(facts, key, evidence))
    if facts.get("enum"):
        field["enum"] = {code["value"]: code["label"] for code in facts["enum"]}
    if "default" in facts and facts["default"] not in NO_DEFAULT:
        field["default"] = _default(facts["default"])
    below = None if evidence is None else evidence.below(key, kind)
    fields = [_field(child, child["name"], below) for child in facts.get("fields", [])]
    if fields:
        field["fields"] = fields
    elif kind in ("object", "list<object>", "map"):
        field["open"] = True
    return _in_order(field, FIELD_KEYS)


def _tolerances(facts: Json, key: str | int, evidence: Evidence) -> Json:
    """Return the marks for what a documented example does and the page's table forbids."""
    required = facts["required"] is True
    found = {
        "missing_tolerated": required and (facts.get("conditional") or evidence.missing(key)),
        "null_tolerated": required and evidence.null(key),
        "empty_tolerated": facts["kind"] in NEVER_EMPTY and evidence.empty(key),
    }
    return {mark: True for mark, holds in found.items() if holds}


def _default(value: Any) -> str:
    """Return a default as text, whatever JSON type the facts give it."""
    return value if isinstance(value, str) else jsontext.dumps(value)


def _type(facts: Json) -> str:
    kind: str = facts["kind"]
    if kind == "decimal":
        if "precision" not in facts:
            return VENDORS_DECIMAL
        return f"decimal({facts['precision'].text},{facts['scale'].text})"
    if kind == "string" and facts["length"]:
        return f"string({facts['length'].text})"
    return kind


def documents(facts_folder: Path) -> Iterator[tuple[Path, str]]:
    """Every file of the catalogue that the facts decide, with its text."""
    for source in sorted((facts_folder / "methods").glob("*.json")):
        data = convert(model.read(source))
        yield model.CATALOGUE / f"{data['method']}.json", jsontext.method_file(data)
    for method, title in NAMED_ONLY.items():
        data = {"method": method, "title": title, "documented": False, "writes": writes(method)}
        yield model.CATALOGUE / f"{method}.json", jsontext.method_file(data)


def show_difference(path: Path, text: str) -> bool:
    """Print how `path` would change; whether it would."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    name = path.relative_to(model.ROOT).as_posix()
    lines = difflib.unified_diff(
        old.splitlines(keepends=True), text.splitlines(keepends=True), f"a/{name}", f"b/{name}"
    )
    sys.stdout.writelines(lines)
    return old != text


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Import the facts into the catalogue.")
    parser.add_argument(
        "facts",
        nargs="?",
        type=Path,
        default=os.environ.get("WDT_FACTS"),
        help="the folder that holds methods/*.json (default: $WDT_FACTS)",
    )
    parser.add_argument("--diff", action="store_true", help="write nothing, show what would change")
    arguments = parser.parse_args()
    if arguments.facts is None:
        parser.error("no folder of facts: give one, or set WDT_FACTS")
    if not (arguments.facts / "methods").is_dir():
        parser.error(f"{arguments.facts} has no folder 'methods'")
    wanted = list(documents(arguments.facts))
    if arguments.diff:
        differing = [path for path, text in wanted if show_difference(path, text)]
        return 1 if differing else 0
    for path, text in wanted:
        path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(wanted)} files written to {model.CATALOGUE.relative_to(model.ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
