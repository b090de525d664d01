"""Bodies and requests that people who do this job really had, held against the catalogue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import wdt_proto

if TYPE_CHECKING:
    from collections.abc import Sequence

TABLE = json.loads(
    (Path(__file__).parents[2] / "crates/wdt-proto/testdata/field.json").read_text("utf-8")
)
CREDS = wdt_proto.Credentials("sid", "key", "secret:salt")


def is_wanted(want: str, issues: Sequence[wdt_proto.Issue]) -> bool:
    """Whether the issues are what a case wants; the table's head explains the words."""
    has_error = any(issue.severity == "error" for issue in issues)
    word, _, text = want.partition(":")
    return {
        "no_error": not has_error,
        "clean": not issues,
        "error": has_error,
        "issue": bool(issues),
        "warning": bool(issues) and not has_error,
        "no_code": all(issue.code != text for issue in issues),
        "says": any(text in issue.message + issue.message_zh for issue in issues),
    }[word]


@pytest.mark.parametrize("case", TABLE["requests"], ids=lambda case: case["name"])
def test_a_body(case: dict[str, Any]) -> None:
    """As bytes and as arguments: the same judgement."""
    report = wdt_proto.validate(case["method"], case["body"])
    assert is_wanted(case["want"], report.issues), str(report)
    args = json.loads(case["body"])
    if isinstance(args, list):
        again = wdt_proto.validate(case["method"], args)
        assert [issue.pointer for issue in again.issues] == [i.pointer for i in report.issues]


@pytest.mark.parametrize("case", TABLE["builds"], ids=lambda case: case["name"])
def test_a_request(case: dict[str, Any]) -> None:
    """It is built, and warns."""
    pager = wdt_proto.Pager(*case["pager"]) if "pager" in case else None
    request = wdt_proto.build_request(CREDS, case["method"], raw_body=case["body"], pager=pager)
    assert is_wanted(case["want"], request.warnings)
