"""The tools do what they say, on a small method of the tests' own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import generated
import jsontext
import model
import pytest
from model import Json, Type

if TYPE_CHECKING:
    from pathlib import Path


def document(*fields: Json) -> Json:
    """Return the file of a method with one object argument that has these fields."""
    info = {**field("info", "object"), "required": True, "fields": list(fields)}
    return {
        "documented": True,
        "writes": True,
        "method": "a.B.c",
        "title": "标题",
        "category": "订单类",
        "paged": False,
        "params": [info],
        "response": [],
        "examples": {"request": [], "response": []},
        "strict_example": [],
    }


def field(name: str, kind: str, **more: Any) -> Json:
    """Return a field's line."""
    return {"name": name, "label": "", "type": kind, "required": False, **more}


def test_numbers_keep_their_text() -> None:
    text = '[1.0000,-0,1e5,{"a":[]},null,"规"]'
    assert jsontext.dumps(jsontext.loads(text)) == text


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
    base = document(field("x", "int"))
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
    base = document(field("x", "int"))
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
