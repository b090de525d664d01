"""The generated types complete what they promise, and hold at run time."""

from __future__ import annotations

import ast
import importlib.util
import typing

import generate_types
import model
import pytest
from model import Method
from test_tools import document, field

if typing.TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


def load(path: Path) -> ModuleType:
    """Return a module of a package, loaded by itself."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture(scope="module")
def module() -> ModuleType:
    """Return the committed module, loaded without its package."""
    return load(generate_types.TARGET)


def test_the_committed_module_is_current() -> None:
    for path, text in generate_types.files().items():
        assert path.read_text(encoding="utf-8") == text


def test_every_annotation_holds_at_run_time(module: ModuleType) -> None:
    classes = [thing for thing in vars(module).values() if typing.is_typeddict(thing)]
    assert len(classes) > 500
    for each in classes:
        assert typing.get_type_hints(each)


def test_required_keys_are_those_that_no_example_leaves_out(module: ModuleType) -> None:
    info = module.SalesStockSyncSyncFailInfo
    assert "stock_syn_warehouses" in info.__required_keys__
    assert "syn_result" in info.__optional_keys__


def test_every_object_of_the_catalogue_has_its_class(module: ModuleType) -> None:
    count = sum(
        "fields" in entry
        for method in model.load()
        for _, entry in [
            *model.walk(method.params, "/params"),
            *model.walk(method.response, "/response"),
        ]
    )
    public = [
        name
        for name, thing in vars(module).items()
        if typing.is_typeddict(thing) and not name.startswith("_")
    ]
    assert len(public) == count


def test_an_argument_and_a_reply_of_one_name_get_different_classes(module: ModuleType) -> None:
    assert module.SalesTradeEditModifyRemarkData is not module.SalesTradeEditModifyRemarkReplyData


def test_a_key_that_is_no_python_name_takes_the_functional_form() -> None:
    generator = generate_types.Generator()
    generator.method(Method(document(field("from", "int"), field("a-b", "string"))))
    text = generator.classes["ABCInfo"]
    assert '"from": int' in text
    namespace: dict[str, object] = {}
    exec("from typing import TypedDict\n" + text, namespace)
    assert typing.get_type_hints(namespace["ABCInfo"]) == {"from": int, "a-b": str}


def test_a_label_cannot_end_its_literal() -> None:
    text = generate_types.docstring('a """ \\ b')
    assert ast.literal_eval(text.strip()) == "a ''' \\ b"


def test_long_texts_are_wrapped_by_their_width_on_the_screen() -> None:
    for line in generate_types.docstring("明细 " * 60).splitlines():
        assert generate_types.width(line) <= generate_types.WIDTH
