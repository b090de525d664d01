"""The sandbox as a process: this runs the program ``wdt-sandbox``, or an installed ``wdt``.

::

    with Sandbox(goods=50, faults="rate_limit=0.1,cut=0.05") as sandbox:
        with wdt_proto.Client(sandbox.credentials, sandbox.base_url) as client:
            ...
        print(len(sandbox.journal()), "requests")

In tests, the fixture ``wdt_sandbox`` does the same.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
import tempfile
import threading
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from . import _texts
from ._native import Credentials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self

__all__ = ["Sandbox", "find_command", "find_program"]

PROGRAM = "wdt-sandbox"
CLI = "wdt"
START_SECONDS = 30.0
STOP_SECONDS = 10.0
ANSWER_SECONDS = 30.0
# Public by nature: they open nothing but a sandbox.
APP_SECRET = "sandbox-secret:sandbox-salt"  # noqa: S105


class Sandbox:
    """A ``wdt-sandbox`` process on a free port of the loopback, from ``with`` to its end.

    - ``goods``: how many made-up goods wait at the start;
    - ``seed``: or what a seed file holds, see the sandbox's README;
    - ``faults``: faults to inject, ``"rate_limit=0.1,http_502=0.05,cut=0.01,slow=200ms"``;
    - ``fault_seed``: makes them come out the same each time;
    - ``rate_limit``: calls a minute, 0 for any number;
    - ``store``: a SQLite file that outlives the sandbox;
    - ``clock_offset``: seconds that its clock is ahead;
    - ``journal``: how many requests it remembers;
    - ``options``: others of the program by their names, a list for one that is given several times:
      ``{"rows": ["sales.TradeQuery.queryWithDetail=2000"], "churn": "3/call"}``.

    The program is ``$WDT_SANDBOX``, or that of the wheel ``wdt-sandbox`` (in a checkout:
    ``pip install ./crates/wdt-sandbox``), or that in ``PATH``, or an installed ``wdt``.
    """

    def __init__(  # noqa: PLR0913 - the program's options
        self,
        *,
        goods: int = 20,
        seed: Mapping[str, Any] | None = None,
        faults: str = "",
        fault_seed: int | None = 1,
        rate_limit: int = 0,
        store: str | os.PathLike[str] | None = None,
        clock_offset: int = 0,
        journal: int = 100_000,
        options: Mapping[str, str | int | Sequence[str]] | None = None,
    ) -> None:
        """Take the options; nothing runs yet."""
        self.options: dict[str, str | int | Sequence[str] | None] = {
            "--goods": None if seed is not None else goods,
            "--fault": faults or None,
            "--fault-seed": fault_seed,
            "--rate-limit": rate_limit,
            "--store": None if store is None else os.fspath(store),
            "--clock-offset": clock_offset,
            "--journal": journal,
            **{f"--{name}": value for name, value in (options or {}).items()},
        }
        self._seed = seed
        given = (seed or {}).get("credentials") or [{}]
        self._app_secret: str = given[0].get("appsecret", APP_SECRET)
        self._process: subprocess.Popen[str] | None = None
        # A sandbox is on this machine: what the environment says of proxies is not for it.
        self._open = build_opener(ProxyHandler({})).open
        self.base_url = ""
        """The base URL for a client."""
        self.page = ""
        """The page for people that shows requests and stock."""

    def start(self) -> Self:
        """Start the program, and return when it takes calls."""
        options = {**self.options, "--listen": "127.0.0.1:0"}
        command = [*find_command(), "--json"]
        for name, value in options.items():
            values = [value] if isinstance(value, (str, int)) else value or []
            command += [f"{name}={each}" for each in values]
        with tempfile.TemporaryDirectory(prefix="wdt-sandbox-") as folder:
            if self._seed is not None:
                path = Path(folder) / "seed.json"
                path.write_text(json.dumps(self._seed), encoding="utf-8")
                command.append(f"--seed={path}")
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
            # It has read its seed when it is ready.
            ready = self._first_line(self._process)
        self.base_url, self.page = ready["base_url"], ready["page"]
        self.credentials = Credentials(ready["sid"], ready["key"], self._app_secret)
        return self

    def _first_line(self, process: subprocess.Popen[str]) -> dict[str, str]:
        assert process.stdout is not None  # noqa: S101 - asked for above
        watchdog = threading.Timer(START_SECONDS, process.kill)
        watchdog.start()
        try:
            line = process.stdout.readline()
        finally:
            watchdog.cancel()
        if not line:
            status = process.wait()
            process.stdout.close()
            self._process = None
            raise RuntimeError(str(_texts.SANDBOX_ENDED.of(program=PROGRAM, status=status)))
        ready: dict[str, str] = json.loads(line)
        return ready

    @property
    def pid(self) -> int:
        """The process, for tests that kill it."""
        return self._running().pid

    def environment(self) -> dict[str, str]:
        """Give ``WDT_SID`` and the others, for a program of yours; it holds the made-up secret."""
        return {
            "WDT_SID": self.credentials.sid,
            "WDT_APPKEY": self.credentials.key,
            "WDT_APPSECRET": self._app_secret,
            "WDT_BASE_URL": self.base_url,
        }

    def journal(self) -> list[dict[str, Any]]:
        """Give the requests so far, oldest first: method, query, body, answer, fault, effect."""
        entries: list[dict[str, Any]] = []
        after = 0
        while True:
            page = self._ask(f"__journal?after={after}&limit=10000")
            if not page["entries"]:
                return entries
            entries += page["entries"]
            after = page["next"]

    def state(self) -> dict[str, Any]:
        """Give the ``goods``, with stock, counter and last result, and how many are ``waiting``."""
        state: dict[str, Any] = self._ask("__state")
        return state

    def set_stock(self, api_goods_id: int, warehouse: str, stock: str) -> None:
        """Change a good's stock in a warehouse, ``"12.0000"``: it waits again."""
        change = {"api_goods_id": api_goods_id, "warehouse": warehouse, "stock": stock}
        self._ask("__stock", change)

    def set_faults(self, faults: str) -> None:
        """Inject other faults from now on; none for an empty text."""
        self._ask("__faults", {"fault": faults})

    def rows(self, method: str) -> list[dict[str, Any]]:
        """Give a method's made-up rows (option ``rows``) in their final form, numbers exact."""
        lines = self._reply(f"__rows/{method}").splitlines()
        return [json.loads(line, parse_float=Decimal)["row"] for line in lines]

    def set_churn(self, churn: str) -> None:
        """Change made-up rows at this pace from now on, ``"3/call"``; ``"0"`` for no longer."""
        self._ask("__rows", {"churn": churn})

    def stop(self) -> None:
        """Stop the program cleanly; kill it if it does not stop."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            if process.stdout is not None:
                process.stdout.close()

    def __enter__(self) -> Self:
        """Start it."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop it."""
        self.stop()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            raise RuntimeError(str(_texts.SANDBOX_STOPPED))
        return self._process

    def _ask(self, path: str, posted: object = None) -> Any:  # noqa: ANN401 - JSON
        return json.loads(self._reply(path, posted) or b"null")

    def _reply(self, path: str, posted: object = None) -> bytes:
        self._running()
        body = None if posted is None else json.dumps(posted).encode()
        request = Request(self.page + path, body, {"Content-Type": "application/json"})  # noqa: S310
        try:
            with self._open(request, timeout=ANSWER_SECONDS) as reply:
                answer: bytes = reply.read()
                return answer
        except HTTPError as refused:
            with refused:
                what = refused.read().decode(errors="replace").strip()
            with suppress(ValueError, TypeError, KeyError):
                what = json.loads(what)["error"]
            raise ValueError(str(_texts.SANDBOX_REFUSES.of(path=path, what=what))) from None


def find_command() -> list[str]:
    """Find what runs a sandbox: the program of ``find_program``, or ``wdt sandbox``."""
    named = os.environ.get("WDT_SANDBOX")
    if named:
        if not Path(named).is_file():
            raise FileNotFoundError(str(_texts.SANDBOX_NO_FILE.of(named=named)))
        return [named, "sandbox"] if Path(named).stem == CLI else [named]
    if found := _installed(PROGRAM):
        return [found]
    if found := _installed(CLI):
        return [found, "sandbox"]
    raise FileNotFoundError(str(_texts.SANDBOX_MISSING.of(program=PROGRAM)))


def find_program() -> str:
    """Find the program: ``$WDT_SANDBOX``, the wheel's, the one in ``PATH``; else ``wdt``."""
    return find_command()[0]


def _installed(program: str) -> str | None:
    return shutil.which(program, path=sysconfig.get_path("scripts")) or shutil.which(program)
