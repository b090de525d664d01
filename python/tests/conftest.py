"""What the tests share: the vectors, the usual credentials, and no silent skips."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import wdt_proto
from hypothesis import settings

# No deadlines: a busy machine is no finding. In CI the same examples in every run.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")

ROOT = Path(__file__).parents[2]
TESTDATA = ROOT / "crates" / "wdt-proto" / "testdata"

# The one that `make test-python` builds; without it, the fixture says what is missing.
os.environ.setdefault("WDT_SANDBOX", str(ROOT / "target" / "debug" / "wdt-sandbox"))

# The tests read English, whatever the developer reads.
os.environ["WDT_LANG"] = "en"

pytest_plugins = ["pytester"]


def cases(file: str) -> list[Any]:
    """Give the cases of a vectors file as pytest parameters, named as in the file."""
    loaded = json.loads((TESTDATA / file).read_text(encoding="utf-8"))["cases"]
    return [pytest.param(case, id=case["name"]) for case in loaded]


@pytest.fixture
def creds() -> wdt_proto.Credentials:
    return wdt_proto.Credentials("wdtapi3", "appkey", "testsecret:testsalt")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a skipped test into a failed run: what was not tested must not look tested."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
