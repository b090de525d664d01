"""The pytest fixture ``wdt_sandbox``: a sandbox of the platform for each test.

It needs pytest, which finds it by itself, and the sandbox: in a checkout
``pip install ./crates/wdt-sandbox``; an installed ``wdt`` serves as well::

    def test_my_loop(wdt_sandbox):
        with wdt_proto.Client(wdt_sandbox.credentials, wdt_sandbox.base_url) as client:
            my_loop(client)
        assert wdt_sandbox.state()["waiting"] == 0

For other options than the fixture's, mark the test: ``@pytest.mark.wdt_sandbox(goods=50,
faults="cut=0.1", rate_limit=60)`` takes those of ``wdt_proto.sandbox.Sandbox``, which is a context
manager for fixtures with another scope.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .sandbox import Sandbox

__all__ = ["wdt_sandbox"]


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line(
        "markers", "wdt_sandbox(goods=…, faults=…, …): options of wdt_proto.sandbox.Sandbox"
    )


@pytest.fixture
def wdt_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Run a sandbox of the platform with 20 goods, for this test alone (see ``Sandbox``)."""
    # Every run of pytest where this package is installed loads the plugin: it stays light.
    from .sandbox import Sandbox  # noqa: PLC0415

    mark = request.node.get_closest_marker("wdt_sandbox")
    with Sandbox(**({} if mark is None else mark.kwargs)) as sandbox:
        yield sandbox
