"""The catalogue keeps its own rules: schema, types, limits, examples. Needs pytest and jsonschema.

The library holds each file against its compiler and each example against its rules
(`crates/wdt-proto/tests/catalogue.rs`). The checker of strict examples here is another reader of
the same rules: two who read them alike are worth more than one who agrees with himself.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime
from typing import Any

import jsontext
import model
import pytest
from jsonschema import Draft202012Validator
from jsontext import Number
from model import Json, Method, Type
from referencing import Registry, Resource

METHODS = model.load()
DOCUMENTED = [method for method in METHODS if method.documented]
PLAIN_KINDS = ("string", "datetime", "bool", "decimal", "int", "long", "short", "byte")


def plain_json(path: Any) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def validator(name: str) -> Draft202012Validator:
    schemas = [plain_json(path) for path in sorted(model.SCHEMAS.glob("*.json"))]
    registry = Registry().with_resources(
        [(schema["$id"], Resource.from_contents(schema)) for schema in schemas]
    )
    schema = next(schema for schema in schemas if schema["$id"] == name)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, registry=registry)


def names(methods: list[Method]) -> list[str]:
    return [method.name for method in methods]


def all_fields(method: Method) -> list[tuple[str, Json]]:
    params = model.walk(method.params, "/params")
    return params + model.walk(method.response, "/response")


def test_every_file_follows_its_schema() -> None:
    for name, paths in {
        "method.schema.json": model.method_files(),
        "overlay.schema.json": model.overlay_files(),
        "exceptions.schema.json": [model.EXCEPTIONS],
    }.items():
        checker = validator(name)
        for path in paths:
            errors = [
                f"{error.json_path}: {error.message}"
                for error in checker.iter_errors(plain_json(path))
            ]
            assert not errors, f"{path.name}: {errors}"


def test_every_method_is_there_under_its_own_name() -> None:
    assert len(METHODS) == 188
    assert len(DOCUMENTED) == 188
    assert [path.stem for path in model.method_files()] == names(METHODS)


def test_files_are_laid_out_alike() -> None:
    for path in model.method_files():
        assert path.read_text(encoding="utf-8") == jsontext.method_file(model.read(path)), path.name


def test_keys_stand_in_the_order_of_the_schema() -> None:
    schema = plain_json(model.SCHEMAS / "method.schema.json")
    field_order = list(schema["$defs"]["field_keys"]["properties"])
    for path in model.method_files():
        data = model.read(path)
        assert list(data) == [key for key in schema["properties"] if key in data], path.name
        for at, field in all_fields(Method(data)):
            assert list(field) == [key for key in field_order if key in field], at


def test_every_overlay_belongs_to_a_method_and_changes_it() -> None:
    known = set(names(METHODS))
    for path in model.overlay_files():
        overlay = model.read(path)
        assert path.stem == overlay["method"]
        assert overlay["method"] in known
        for entry in overlay["corrections"]:
            if "set" in entry:
                data = model.read(model.CATALOGUE / path.name)
                original = model.find(data, entry["path"]) if entry["path"] else data
                assert any(original.get(key) != value for key, value in entry["set"].items())


@pytest.mark.parametrize("method", METHODS, ids=names(METHODS))
def test_what_writes_is_not_called_a_query(method: Method) -> None:
    """The marks come from the English names; the vendor's Chinese titles are the judge."""
    asks = ("查询", "获取", "全览", "服务器时间")
    assert method.data["writes"] != any(word in method.data["title"] for word in asks)


@pytest.mark.parametrize("method", DOCUMENTED, ids=names(DOCUMENTED))
def test_fields_are_sane(method: Method) -> None:
    for fields in (method.params, method.response):
        assert_siblings(fields)
    for path, field in all_fields(method):
        kind = Type.parse(field["type"])
        assert kind.length is None or kind.length > 0, path
        if kind.name == "decimal":
            assert 0 <= (kind.scale or 0) <= (kind.precision or 0) <= 28, path
        assert ("fields" in field) <= kind.has_fields, path
        assert not ("fields" in field and field.get("open")), path
        if kind.has_fields or kind.name == "map":
            assert "fields" in field or field.get("open"), path
        if "min" in field and "max" in field:
            assert int(field["min"].text) <= int(field["max"].text), path
        if "enum" in field and kind.name in ("int", "long", "short", "byte"):
            assert all(re.fullmatch(r"-?[0-9]+", code) for code in field["enum"]), path
        assert_siblings(field.get("fields", []))


@pytest.mark.parametrize("method", DOCUMENTED, ids=names(DOCUMENTED))
def test_marks_stand_where_they_mean_something(method: Method) -> None:
    for path, field in all_fields(method):
        kind = Type.parse(field["type"])
        for mark in ("missing_tolerated", "null_tolerated", "empty_tolerated"):
            assert not field.get(mark) or field["required"], path
        if "empty_tolerated" in field:
            assert kind.name in PLAIN_KINDS, path
            assert kind.name != "string", path
        if "max_items" in field:
            assert kind.item or "separator" in field, path
        assert "max_items" in field or "max_items_advisory" not in field, path
        if "length_of_whole" in field:
            assert "separator" in field, path
            assert kind.length is not None, path
        if "longest" in field:
            assert kind.length is not None, path
            assert int(field["longest"].text) > kind.length, path
        if "one_of" in field:
            assert model.alternatives(field) <= {child["name"] for child in field["fields"]}, path
        if "newer" in field:
            assert not field["required"], path


@pytest.mark.parametrize("method", DOCUMENTED, ids=names(DOCUMENTED))
def test_a_longer_length_is_that_of_a_page_of_the_family(method: Method) -> None:
    family = method.name.partition(".")[0]
    sisters = [other for other in DOCUMENTED if other.name.partition(".")[0] == family]
    for path, field in model.walk(method.params, "/params"):
        if "longest" in field:
            lengths = {
                Type.parse(other["type"]).length
                for sister in sisters
                for _, other in all_fields(sister)
                if other["name"] == field["name"]
            }
            assert int(field["longest"].text) in lengths, path
            assert "enum" not in field, path


@pytest.mark.parametrize("method", DOCUMENTED, ids=names(DOCUMENTED))
def test_a_text_that_is_named_for_several_joins_them(method: Method) -> None:
    for path, field in model.walk(method.params, "/params"):
        if field["type"].startswith("string") and re.search("(nos|Nos|_list|List)$", field["name"]):
            assert "separator" in field, path


def assert_siblings(fields: list[Json]) -> None:
    counts = Counter(field["name"] for field in fields)
    assert not [name for name, count in counts.items() if count > 1]
    for field in fields:
        assert field.get("span_to", "") in ("", *(counts.keys() - {field["name"]}))


@pytest.mark.parametrize("method", DOCUMENTED, ids=names(DOCUMENTED))
def test_a_limit_of_rows_stands_where_the_rows_are(method: Method) -> None:
    limit = method.data.get("max_batch")
    if limit is None or limit.text == "1":
        return
    limited = [
        field
        for _, field in model.walk(method.params, "/params")
        if field.get("max_items") == limit
    ]
    assert len(limited) == 1
    advised = "max_batch_advisory" in method.data
    assert ("max_items_advisory" in limited[0]) == advised


def test_every_limit_of_a_span_has_a_span() -> None:
    without = [
        method.name
        for method in DOCUMENTED
        if "max_span" in method.data
        and not any("span_to" in field for _, field in model.walk(method.params, "/params"))
    ]
    # Their pages state a span, but have no times among the arguments.
    assert without == ["wms.stockin.PreStockin.cancel", "wms.stockin.Transfer.cancelOrder"]


@pytest.mark.parametrize("method", DOCUMENTED, ids=names(DOCUMENTED))
def test_strict_example_breaks_no_rule(method: Method) -> None:
    arguments = method.data["strict_example"]
    assert isinstance(arguments, list)
    assert len(arguments) <= len(method.params)
    for index, param in enumerate(method.params):
        if index < len(arguments):
            assert_strict(param, arguments[index], f"/{index}")
        else:
            assert not param["required"], f"/{index} is missing"
    assert_spans(method, arguments)


def assert_strict(field: Json, value: Any, at: str) -> None:
    kind = field["type"]
    if kind == "unknown":
        return
    if kind == "object":
        assert isinstance(value, dict), at
        assert_object(field, value, at)
    elif kind.startswith("list<"):
        assert isinstance(value, list), at
        assert value, at
        for index, item in enumerate(value):
            assert_strict({**field, "type": kind[5:-1]}, item, f"{at}/{index}")
    else:
        assert kind.partition("(")[0] in PLAIN_KINDS, at
        assert_plain(field, value, at)


def assert_object(field: Json, value: Json, at: str) -> None:
    known = {child["name"]: child for child in field["fields"]}
    assert not set(value) - set(known), at
    needed = {name for name, child in known.items() if child["required"]}
    assert not needed - model.alternatives(field) - set(value), at
    ways = [set(way.split("+")) for way in field.get("one_of", [])]
    assert not ways or any(way <= set(value) for way in ways), at
    for name, member in value.items():
        assert_strict(known[name], member, f"{at}/{name}")


def assert_plain(field: Json, value: Any, at: str) -> None:
    kind, _, limits = field["type"].rstrip(")").partition("(")
    if kind in ("string", "datetime"):
        assert isinstance(value, str), at
        assert all(ord(char) < 0x10000 and not 0xD800 <= ord(char) < 0xE000 for char in value), at
        joins = "separator" in field and "length_of_whole" not in field
        parts = value.split(field["separator"]) if joins else [value]
        assert not limits or max(map(len, parts)) <= int(limits), at
    elif kind == "bool":
        assert isinstance(value, bool), at
    elif kind == "decimal":
        precision, scale = map(int, limits.split(","))
        assert isinstance(value, Number), at
        match = re.fullmatch(r"-?([0-9]+)(?:\.([0-9]+?)0*)?", value.text)
        assert match, at
        assert len(match[1]) <= precision - scale, at
        assert len((match[2] or "").rstrip("0")) <= scale, at
    else:
        bits = {"byte": 8, "short": 16, "int": 32, "long": 64}[kind]
        assert isinstance(value, Number), at
        assert re.fullmatch(r"-?[0-9]+", value.text), at
        assert int(value.text).bit_length() < bits, at
        low, high = field.get("min"), field.get("max")
        assert low is None or int(value.text) >= int(low.text), at
        assert high is None or int(value.text) <= int(high.text), at
    layout = field.get("format", field.get("observed_format"))
    if layout is not None and value != "":
        assert_time(layout, value, at)
    if "enum" in field:
        assert_code(field, value, at)


def assert_time(layout: str, value: str, at: str) -> None:
    pattern = layout.replace("yyyy", "%Y").replace("MM", "%m").replace("dd", "%d")
    pattern = pattern.replace("HH", "%H").replace("mm", "%M").replace("ss", "%S")
    moment = datetime.strptime(value, pattern)
    assert moment.strftime(pattern) == value, at


def assert_code(field: Json, value: Any, at: str) -> None:
    codes = set(field["enum"])
    if isinstance(value, bool):
        accepted = {"true", "1"} if value else {"false", "0"}
        assert codes & accepted or len(codes) == 1, at
    elif "separator" in field:
        assert set(value.split(field["separator"])) <= codes, at
    else:
        assert jsontext.dumps(value).strip('"') in codes, at


def assert_spans(method: Method, value: Any) -> None:
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            assert_spans(method, item)
    if not isinstance(value, dict):
        return
    for start, end in (("start_time", "end_time"), ("start_date", "end_date")):
        if start in value and end in value:
            first, last = (datetime.fromisoformat(value[name]) for name in (start, end))
            assert first < last
            for limit in [method.data.get("max_span"), *method.data.get("max_span_other", [])]:
                if limit is not None:
                    minutes = int(limit.get("minutes", Number("0")).text)
                    minutes += int(limit.get("days", Number("0")).text) * 24 * 60
                    assert (last - first).total_seconds() <= minutes * 60


def test_nothing_documented_got_lost(capsys: pytest.CaptureFixture[str]) -> None:
    counts = {
        "methods": len(METHODS),
        "documented": len(DOCUMENTED),
        "argument fields": sum(len(model.walk(m.params, "")) for m in DOCUMENTED),
        "reply fields": sum(len(model.walk(m.response, "")) for m in DOCUMENTED),
        "request examples": sum(len(m.examples("request")) for m in DOCUMENTED),
        "PHP examples": sum(len(m.examples("php")) for m in DOCUMENTED),
        "reply examples": sum(len(m.examples("response")) for m in DOCUMENTED),
        "overlays": len(model.overlay_files()),
        "exceptions": len(plain_json(model.EXCEPTIONS)),
    }
    newer = {
        root: sum("newer" in field for m in DOCUMENTED for _, field in model.walk(m.data[root], ""))
        for root in ("params", "response")
    }
    with capsys.disabled():
        print("\n" + ", ".join(f"{count} {what}" for what, count in counts.items()))
    assert counts["argument fields"] >= 2147
    assert counts["reply fields"] == 6009
    # 105 and 259 fields that older pages lack, and an object around one of a reply.
    assert newer == {"params": 105, "response": 260}
    assert counts["request examples"] == 177
    assert counts["PHP examples"] == 134
    assert counts["reply examples"] == 349
