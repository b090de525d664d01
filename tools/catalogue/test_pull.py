"""What the pages say about pulling rows stands in the catalogue, no more and no less.

`testdata/pull_facts.json` was read off the pages apart from the catalogue, in columns of its own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsontext
import model
import pytest
from model import Json

FACTS: list[Json] = json.loads(
    (Path(__file__).parent / "testdata" / "pull_facts.json").read_text(encoding="utf-8")
)
METHODS = {method.name: json.loads(jsontext.dumps(method.data)) for method in model.load()}
REQUIRED = {True: "yes", False: "no", "conditional": "conditional"}
GUESSES = {
    "row_key": "row_key",
    "span_filters_on": "span.filters_on",
    "span_required": "span.required",
    "alternatives": "span.instead",
    "incremental": "incremental",
    "paging": "paging",
}
ITSELF = ["(the number itself)"]


def expected_span(fact: Json) -> Json | None:
    if fact["span_from"] is None:
        return None
    more = [
        {
            "from": other["span_from"],
            "to": other["span_to"],
            "filters_on": other["span_filters_on"],
            "row_field": other["row_field"],
        }
        for other in fact.get("more_spans", [])
    ]
    # What means the time of change by default needs nothing besides.
    nothing: Json | None = {} if fact["span_filters_on"] == "modified" else None
    return {
        "from": fact["span_from"],
        "to": fact["span_to"],
        "filters_on": fact["span_filters_on"],
        "row_field": fact.get("span_row_field"),
        "required": REQUIRED[fact["span_required"]],
        "modified_params": fact.get("modified_params", nothing),
        "precision": fact.get("time_precision"),
        "instead": fact["alternatives"] or None,
        "more": more or None,
    }


def expected(fact: Json) -> Json:
    """Return what the catalogue has to say of the method; `None` is what it must not say."""
    return {
        "rows": fact["rows"],
        "row_key": fact["row_key"],
        "row_key_grade": fact.get("row_key_grade"),
        "row_key_evidence": fact.get("row_key_evidence"),
        "span": expected_span(fact),
        "max_span": fact["max_span"],
        "max_span_other": fact.get("max_span_other"),
        # The three that only newer pages have: of those this is what is known of paging.
        "paged": fact.get("paging", "page_no") == "page_no",
        "cursor": True if fact.get("paging") == "cursor" else None,
        "paging_from_back": fact.get("paging_from_back_advised") or None,
        "page_size_advised": fact.get("page_size_advised"),
        "page_size_max": fact.get("page_size_max"),
        "qimen_only": fact.get("qimen_only") or None,
        "excludes": fact.get("excludes_platforms") or None,
        "history_of": fact.get("history_of"),
        "incremental": None if fact["incremental"] == "unknown" else fact["incremental"],
        "guess": {
            GUESSES[name]: {**guess, "value": [""] if guess["value"] == ITSELF else guess["value"]}
            for name, guess in fact.get("guess", {}).items()
            # A second key beside the documented one, and comments, have no place in the catalogue.
            if name in GUESSES
        }
        or None,
    }


def without_nones(document: Json | None) -> Json | None:
    if document is None:
        return None
    return {key: value for key, value in document.items() if value is not None}


@pytest.mark.parametrize("fact", FACTS, ids=[fact["method"] for fact in FACTS])
def test_the_catalogue_says_what_the_pages_say(fact: Json) -> None:
    data = METHODS[fact["method"]]
    for key, value in expected(fact).items():
        want = without_nones(value) if key == "span" else value
        assert data.get(key) == want, key


def test_only_queries_have_rows_and_spans() -> None:
    known = {fact["method"] for fact in FACTS}
    for name, data in METHODS.items():
        if name not in known:
            keys = ("rows", "row_key", "span", "cursor", "paging_from_back", "incremental")
            assert not [key for key in keys if key in data], name


def fields(data: Json) -> dict[str, Json]:
    walked = model.walk(data["params"], "/params") + model.walk(data["response"], "/response")
    return dict(walked)


@pytest.mark.parametrize("name", [name for name, data in METHODS.items() if "span" in data])
def test_a_span_names_fields_that_are_there(name: str) -> None:
    data, known = METHODS[name], fields(METHODS[name])
    spans: list[Any] = [data["span"], *data["span"].get("more", [])]
    parents = {path.rpartition("/")[0] for path in known if path.endswith(f"/{spans[0]['from']}")}
    assert len(parents) == 1
    parent = parents.pop()
    for span in spans:
        assert known[f"{parent}/{span['from']}"]["span_to"] == span["to"]
        if "row_field" in span and "rows" in data:
            assert row_path(data, span["row_field"]) in known
    for way in [*data["span"].get("instead", []), *data["span"].get("modified_params", {})]:
        for field in way.split("+"):
            assert f"{parent}/{field}" in known


@pytest.mark.parametrize("name", [name for name, data in METHODS.items() if "rows" in data])
def test_rows_and_their_key_are_in_the_reply(name: str) -> None:
    data, known = METHODS[name], fields(METHODS[name])
    rows = known[row_path(data, "")]
    assert rows["type"].startswith("list<")
    guess = data.get("guess", {}).get("row_key", {"value": []})["value"]
    for field in [*data.get("row_key", []), *guess]:
        assert row_path(data, field) in known
    assert ("row_key" in data) == ("row_key_grade" in data) == ("row_key_evidence" in data)


def row_path(data: Json, field: str) -> str:
    return "/".join(["/response/data", *(name for name in (data["rows"], field) if name)])


def test_each_history_belongs_to_a_query_of_todays_rows() -> None:
    for data in METHODS.values():
        if "history_of" in data:
            assert "rows" in METHODS[data["history_of"]]
