"""Each reply that lists refused rows under status 0 is known, and its marks lead somewhere."""

from __future__ import annotations

import re
from typing import Any

import model
import pytest
from jsontext import Number
from model import Method

METHODS = [method for method in model.load() if method.documented]
MARKED = [method for method in METHODS if "failures" in method.data]
ERROR = re.compile("err|fail")
CHINESE = re.compile("[\u4e00-\u9fff]")


def lists(value: Any, at: str = "") -> list[tuple[str, list[Any]]]:
    """Every list that is not empty, with its pointer; those inside of lists are left out."""
    if isinstance(value, list):
        return [(at, value)] if value else []
    if not isinstance(value, dict):
        return []
    return [found for name, member in value.items() for found in lists(member, f"{at}/{name}")]


def speaks_of_errors(pointer: str, rows: list[Any]) -> bool:
    if isinstance(rows[0], dict):
        return bool(ERROR.search(pointer)) or any(ERROR.search(name) for name in rows[0])
    # A list of document numbers is no list of reasons.
    return isinstance(rows[0], str) and bool(CHINESE.search(rows[0]))


def test_no_list_of_errors_under_status_0_is_overlooked() -> None:
    found = set()
    for method in METHODS:
        for reply in method.examples("response"):
            if not method.data["writes"] or not isinstance(reply, dict):
                continue
            if reply["status"] != Number("0"):
                continue
            for pointer, rows in lists(reply):
                if speaks_of_errors(pointer, rows):
                    found.add(method.name)
                    assert method.data["failures"]["list"] == pointer, method.name
    # The one whose reply is a query's: its example lacks the status.
    assert {method.name for method in MARKED} - found == {"sales.StockSync.batchCalcStock"}


@pytest.mark.parametrize("method", MARKED, ids=[method.name for method in MARKED])
def test_the_marks_of_failures_lead_somewhere(method: Method) -> None:
    failures = method.data["failures"]
    found = model.find(method.data, f"/response{failures['list']}")
    if "message" not in failures:
        assert found["type"] == "list<string>"
        assert set(failures) == {"list"}
        return
    assert found["type"] == "list<object>"
    names = {field["name"] for field in found["fields"]}
    assert {failures[name] for name in ("key", "code", "message") if name in failures} <= names
    assert ("sent" in failures) == ("key" in failures)
    assert model.find(method.data, failures["sent"])["type"] not in ("object", "list<object>")
