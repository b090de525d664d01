"""The tools do what they say, on small methods of the tests' own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import check
import generated
import import_facts
import jsontext
import model
import pytest
from model import Json, Type

if TYPE_CHECKING:
    from pathlib import Path


def facts(examples: list[str], fields: list[Json], **more: Any) -> Json:
    """Return the facts of a method with one object argument."""
    document = {
        "method": "a.B.c",
        "title": "标题",
        "category": "订单类",
        "since": None,
        "paged": False,
        "params": [field("info", "object", required=True, fields=fields)],
        "response": [],
        "request_examples_raw": examples,
        "response_examples_raw": [],
        **more,
    }
    result: Json = jsontext.loads(json.dumps(document))
    return result


def field(name: str, kind: str, **more: Any) -> Json:
    """Return the facts of a field."""
    return {"name": name, "label": "", "kind": kind, "length": None, "required": False, **more}


def converted(examples: list[str], **more: Any) -> Json:
    """Return the catalogue's line of a field `x` of which `more` is known."""
    document = import_facts.convert(facts(examples, [field("x", **more)]))
    line: Json = document["params"][0]["fields"][0]
    return line


def vectors() -> list[Json]:
    """Return the vectors of methods in the catalogue whose bodies a parser can tell apart."""
    path = model.ROOT / "crates" / "wdt-proto" / "testdata" / "validation.json"
    unseen = {"not_json", "duplicate_field"}
    return [
        case
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
        if not unseen & {issue[1] for issue in case["issues"]}
        and (model.CATALOGUE / f"{case['method']}.json").exists()
    ]


@pytest.mark.parametrize("case", vectors(), ids=lambda case: case["name"])
def test_the_tools_read_the_rules_as_the_vectors_do(case: Json) -> None:
    method = model.with_overlay(model.read(model.CATALOGUE / f"{case['method']}.json"))
    issues = check.check(method.data, jsontext.loads(case["body"]))
    found = [[i.pointer, i.code, "error" if i.error else "warning"] for i in issues]
    assert sorted(found) == sorted(issue[:3] for issue in case["issues"])


def test_numbers_keep_their_text() -> None:
    text = '[1.0000,-0,1e5,{"a":[]},null,"规"]'
    assert jsontext.dumps(jsontext.loads(text)) == text


def test_an_example_without_a_required_field_makes_its_absence_tolerated() -> None:
    one = {"kind": "int", "required": True}
    assert "missing_tolerated" not in converted(['[{"x":1}]'], **one)
    assert converted(['[{"x":1}]', "[{}]"], **one)["missing_tolerated"] is True
    assert converted(['[{"x":1}]'], **one, conditional=True)["missing_tolerated"] is True


def test_an_example_of_another_shape_is_no_evidence() -> None:
    assert "missing_tolerated" not in converted(['["text"]', "[[{}]]"], kind="int", required=True)


def test_a_mended_example_is_evidence_too() -> None:
    mended = {"request_examples_mended": [{"raw": "[{}]"}]}
    document = import_facts.convert(facts([], [field("x", "int", required=True)], **mended))
    assert document["params"][0]["fields"][0]["missing_tolerated"] is True
    assert len(document["examples"]["request"]) == 1


def test_null_in_an_example_is_tolerated() -> None:
    line = converted(['[{"x":null}]'], kind="int", required=True)
    assert line["null_tolerated"] is True
    assert "missing_tolerated" not in line


def test_a_default_of_nothing_is_left_out() -> None:
    assert "default" not in converted([], kind="string", default="无")
    assert converted([], kind="int", default=0)["default"] == "0"


def test_an_object_without_fields_is_open() -> None:
    assert converted([], kind="list<object>", fields=[])["open"] is True
    assert converted([], kind="map")["open"] is True


@pytest.mark.parametrize(
    ("example", "wanted"),
    [
        ('[{"x":"1.50"}]', '[{"x":1.50}]'),
        ('[{"x":1.5,"y":2}]', '[{"x":1.5}]'),
        ('[{"x":"many"}]', '[{"x":1.0000}]'),
        ('[{"x":0.00001}]', '[{"x":1.0000}]'),
        ("[]", '[{"x":1.0000}]'),
    ],
)
def test_a_strict_example_is_the_documented_one_mended(example: str, wanted: str) -> None:
    known = field("x", "decimal", precision=19, scale=4, required=True)
    document = import_facts.convert(facts([example], [known]))
    assert jsontext.dumps(document["strict_example"]) == wanted


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        ("int", '"200.0000"', "200"),
        ("int", "true", "1"),
        ("bool", "1", "true"),
        ("string", "450", '"450"'),
        ("list<string>", '["a",1]', '["a","1"]'),
        ("list<string>", '"a"', '["A001"]'),
    ],
)
def test_a_strict_example_converts_what_it_can(kind: str, value: str, wanted: str) -> None:
    document = import_facts.convert(
        facts([f'[{{"x":{value}}}]'], [field("x", kind, required=True)])
    )
    assert jsontext.dumps(document["strict_example"]) == f'[{{"x":{wanted}}}]'


def test_a_mended_example_loses_a_date_that_is_none() -> None:
    fields = [field("x", "string"), field("y", "int", required=True)]
    document = import_facts.convert(facts(['[{"x":"2020-07- 01 00:00:00"}]'], fields))
    assert jsontext.dumps(document["strict_example"]) == '[{"y":1}]'


def test_a_strict_example_keeps_within_the_span() -> None:
    times = [
        field(n, "datetime", required=True, format="yyyy-MM-dd HH:mm:ss")
        for n in ("start_time", "end_time")
    ]
    example = '[{"start_time":"2020-01-01 00:00:00","end_time":"2020-01-20 00:00:00"}]'
    document = import_facts.convert(facts([example], times, max_span={"minutes": 60}))
    assert not check.check(document, document["strict_example"])
    assert [issue.code for issue in check.check(document, jsontext.loads(example))] == ["span"]


STAMP = "yyyy-MM-dd HH:mm:ss"


def codes_of(document: Json, info: str) -> list[tuple[str, bool]]:
    """List what a call of the facts' method with `info` violates, and whether as an error."""
    issues = check.check(document, jsontext.loads(f"[{info}]"))
    return [(issue.code, issue.error) for issue in issues]


@pytest.mark.parametrize(
    ("start", "end", "known", "wanted"),
    [
        ("start_time", "end_time", {"observed_format": STAMP}, True),
        ("created_begin", "created_end", {"label": "创建时间"}, True),
        ("modified_from", "modified_to", {"format": STAMP}, True),
        ("start_no", "end_no", {}, False),
        ("from_no", "to_no", {"format": STAMP}, False),
        ("start_time", "stop_time", {"format": STAMP}, False),
    ],
)
def test_the_names_of_times_tell_the_spans(
    start: str, end: str, known: Json, *, wanted: bool
) -> None:
    fields = [field(start, "string", **known), field(end, "string")]
    first, last = import_facts.convert(facts([], fields))["params"][0]["fields"]
    assert first.get("span_to") == (end if wanted else None)
    assert "span_to" not in last


def test_a_limit_of_the_span_makes_times_of_its_bounds() -> None:
    fields = [field("start_no", "string"), field("end_no", "string")]
    document = import_facts.convert(facts([], fields, max_span={"days": 1}))
    assert document["params"][0]["fields"][0]["span_to"] == "end_no"


@pytest.mark.parametrize(
    ("end", "broken"),
    [("2020-01-03 00:00:00", False), ("2020-01-03 00:00:01", True), ("2019-12-31 00:00:00", True)],
)
def test_the_longest_span_counts(end: str, *, broken: bool) -> None:
    times = [field(name, "datetime") for name in ("start_time", "end_time")]
    spans: Json = {"max_span": {"minutes": 60}, "max_span_other": [{"days": 2}]}
    info = json.dumps({"start_time": "2020-01-01 00:00:00", "end_time": end})
    document = import_facts.convert(facts([], times, **spans))
    assert codes_of(document, info) == ([("span", True)] if broken else [])


def test_a_method_whose_own_example_breaks_its_span_tolerates_that() -> None:
    times = [field(name, "datetime") for name in ("start_time", "end_time")]
    info = '{"start_time":"2020-01-01 00:00:00","end_time":"2020-01-20 00:00:00"}'
    document = import_facts.convert(facts([f"[{info}]"], times, max_span={"days": 7}))
    assert document["span_tolerated"] is True
    assert codes_of(document, info) == [("span", False)]
    assert not check.check(document, document["strict_example"])


@pytest.mark.parametrize("kind", ["int", "decimal", "bool", "datetime"])
def test_an_empty_text_is_tolerated_where_an_example_has_one(kind: str) -> None:
    more = {"precision": 19, "scale": 4} if kind == "decimal" else {}
    known = [field("x", kind, **more), field("y", "int")]
    document = import_facts.convert(facts(['[{"x":"","y":1}]'], known))
    assert document["params"][0]["fields"][0]["empty_tolerated"] is True
    assert codes_of(document, '{"x":""}') == [("coercible_type", False)]
    assert codes_of(document, '{"y":""}') == [("type", True)]
    assert jsontext.dumps(document["strict_example"]) == '[{"y":1}]'


def test_an_empty_string_needs_no_mark() -> None:
    assert "empty_tolerated" not in converted(['[{"x":""}]'], kind="string")


@pytest.mark.parametrize(("advice", "error"), [({}, True), ({"max_batch_advisory": True}, False)])
def test_the_batch_is_the_length_of_the_first_list(advice: Json, *, error: bool) -> None:
    params = [field("no", "string"), field("rows", "list<int>"), field("more", "list<int>")]
    document = import_facts.convert(facts([], [], params=params, max_batch=2, **advice))
    assert [("max_items" in param) for param in document["params"]] == [False, True, False]
    body = jsontext.loads('["A",[1,2,3],[1,2,3]]')
    assert check.check(document, body) == [check.Issue("/1", "batch", error)]
    body[1].pop()
    assert not check.check(document, body)


def test_a_batch_of_one_is_the_call_itself() -> None:
    rows = field("rows", "list<int>")
    document = import_facts.convert(facts([], [], params=[rows], max_batch=1))
    assert "max_items" not in document["params"][0]


def test_joined_values_are_counted() -> None:
    joined = field("x", "string", separator=",", max_items=2)
    document = import_facts.convert(facts([], [joined]))
    assert codes_of(document, '{"x":"a,b"}') == []
    assert codes_of(document, '{"x":"a,b,c"}') == [("batch", True)]


@pytest.mark.parametrize(
    ("known", "value", "right"),
    [
        ({}, "2020-01-01 00:00:00", True),
        ({}, "2020-01-01", False),
        ({"observed_format": "yyyy-MM-dd"}, "2020-01-01", True),
        ({"observed_format": "yyyy-MM-dd"}, "2020-01-01 00:00:00", False),
        ({"observed_format": "epoch"}, "2020-01-01 00:00:00", True),
        ({"format": "yyyy-MM-dd HH:mm", "observed_format": "yyyy-MM-dd"}, "2020-01-01", False),
    ],
)
def test_a_datetime_has_a_layout(known: Json, value: str, *, right: bool) -> None:
    document = import_facts.convert(facts([], [field("x", "datetime", **known)]))
    assert codes_of(document, f'{{"x":"{value}"}}') == ([] if right else [("format", True)])


def test_a_string_has_a_layout_only_if_the_page_prescribes_one() -> None:
    document = import_facts.convert(facts([], [field("x", "string", observed_format=STAMP)]))
    assert codes_of(document, '{"x":"2020"}') == []


@pytest.mark.parametrize("text", ["string", "string(40)", "decimal(19,4)", "list<object>", "map"])
def test_types_are_read(text: str) -> None:
    assert Type.parse(text).name == text.partition("(")[0]


@pytest.mark.parametrize(
    "text", ["String", "string()", "string(4,2)", "int(11)", "decimal", "list"]
)
def test_other_types_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="type"):
        Type.parse(text)


def test_overlays_set_and_add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "OVERLAYS", tmp_path)
    base = import_facts.convert(facts([], [field("x", "int")]))
    corrections = [
        {"path": "/params/info/x", "set": {"type": "long"}, "reason": "r"},
        {"path": "/params/info", "add": {"name": "y", "type": "int"}, "reason": "r"},
        {"path": "", "set": {"paged": True}, "reason": "r"},
    ]
    overlay = tmp_path / "a.B.c.json"
    overlay.write_text(json.dumps({"method": "a.B.c", "corrections": corrections}))
    method = model.with_overlay(base)
    fields = method.params[0]["fields"]
    assert [(f["name"], f["type"]) for f in fields] == [("x", "long"), ("y", "int")]
    assert method.data["paged"]
    targets = [(correction.target, correction.adds) for correction in method.corrections]
    assert targets == [("/params/info/x", False), ("/params/info/y", True), ("", False)]
    assert base["params"][0]["fields"][0]["type"] == "int"


@pytest.mark.parametrize("path", ["/params/info/z", "/params/z/x", "/response/x"])
def test_an_overlay_that_leads_nowhere_is_an_error(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "OVERLAYS", tmp_path)
    base = import_facts.convert(facts([], [field("x", "int")]))
    overlay = {"method": "a.B.c", "corrections": [{"path": path, "set": {}, "reason": "r"}]}
    (tmp_path / "a.B.c.json").write_text(json.dumps(overlay))
    with pytest.raises(LookupError, match=r"a\.B\.c"):
        model.with_overlay(base)


def test_a_generator_writes_checks_and_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "ROOT", tmp_path)
    page, old = tmp_path / "docs" / "page.md", tmp_path / "old.md"
    old.write_text("old")

    def run(*arguments: str) -> int:
        monkeypatch.setattr("sys.argv", ["generate", *arguments])
        return generated.run(
            "Test.", {page: "text"}, {path for path in (page, old) if path.exists()}
        )

    assert run("--check") == 1
    assert not page.exists()
    assert run() == 0
    assert page.read_text() == "text"
    assert not old.exists()
    assert run("--check") == 0


def test_the_importer_shows_what_it_would_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(model, "ROOT", tmp_path)
    path = tmp_path / "a.B.c.json"
    assert import_facts.show_difference(path, "{}\n")
    assert "+{}" in capsys.readouterr().out
    path.write_text("{}\n")
    assert not import_facts.show_difference(path, "{}\n")
