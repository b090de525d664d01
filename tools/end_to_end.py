"""Runs the examples in C, Rust, PHP and Python against one sandbox each, over real sockets.

usage: end_to_end.py NAME=COMMAND… (the sandbox's program is in WDT_SANDBOX)

Each program reports a failed synchronisation of good 2447 with change counter 2. What the sandbox's
journal says of it counts, not what the program says of itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

GOOD = {"api_goods_id": 2447, "stock": {"6": "3.0000"}, "stock_change_count": 2}
SECRET = "end-to-end-secret"  # noqa: S105 - made up, and must be in no output
SEED = {
    "credentials": [{"sid": "卖家 1", "key": "key+/=&", "appsecret": f"{SECRET}:s:a%lt é"}],
    "goods": [GOOD],
}
EFFECT = {"kind": "sync_fail", "api_goods_id": 2447, "stock_change_count": 2}
# A proxy of the environment must not come between the program and the loopback.
ENV = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}


class Peer:
    """A program, and the sandbox that it talks to."""

    def __init__(self, command: list[str], ready: dict[str, str]) -> None:
        """Remember where the sandbox is."""
        self.command = command
        self.base = ready["base_url"]
        self.root = ready["page"].rstrip("/")
        self.seen = 0

    def control(self, path: str, payload: object = None) -> Any:  # noqa: ANN401 - JSON
        """Ask the sandbox itself."""
        data = None if payload is None else json.dumps(payload).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.root + path, data, headers)  # noqa: S310 - loopback
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as reply:
            return json.loads(reply.read() or "null")

    def run(self, app_secret: str) -> tuple[int, str, list[dict[str, Any]]]:
        """Run the program; give its exit code, its output, and what reached the sandbox."""
        account = {"WDT_SID": "卖家 1", "WDT_APPKEY": "key+/=&", "WDT_APPSECRET": app_secret}
        done = subprocess.run(  # noqa: S603 - the programs that this is about
            self.command,
            env=ENV | account | {"WDT_BASE_URL": self.base},
            capture_output=True,
            timeout=120,
            check=False,
        )
        journal = self.control(f"/__journal?after={self.seen}")
        self.seen = journal["next"]
        return done.returncode, (done.stdout + done.stderr).decode(), journal["entries"]


@contextlib.contextmanager
def sandbox(command: list[str]) -> Iterator[Peer]:
    """Start a sandbox of its own for a program."""
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder, "seed.json")
        seed.write_text(json.dumps(SEED), encoding="utf-8")
        program = [
            os.environ["WDT_SANDBOX"],
            "--listen",
            "127.0.0.1:0",
            "--json",
            "--seed",
            str(seed),
        ]
        with subprocess.Popen(program, stdout=subprocess.PIPE, env=ENV) as process:  # noqa: S603
            try:
                if process.stdout is None or not (line := process.stdout.readline()):
                    sys.exit("the sandbox did not start")
                yield Peer(command, json.loads(line))
            finally:
                process.terminate()


def check(name: str, peer: Peer) -> None:
    """See it accepted, then refused: its counter has moved on, its secret is wrong."""
    good = f"{SECRET}:s:a%lt é"
    rounds = [
        ("accepted", good, 0, 0, EFFECT),
        ("refused: the stock has changed since", good, 1, 100, None),
        ("refused: a wrong secret", "end-to-end-wrong:s:a%lt é", 1, 1, None),
    ]
    for what, secret, code, status, effect in rounds:
        found, output, entries = peer.run(secret)
        reached = [(entry["method"], entry["status"], entry["effect"]) for entry in entries]
        expected = [("sales.StockSync.syncFail", status, effect)]
        if found != code or reached != expected:
            sys.exit(f"{name}, {what}: exit code {found}; the journal has {reached}\n{output}")
        if SECRET in output or "end-to-end-wrong" in output:
            sys.exit(f"{name}, {what}: the output holds the secret")
        if status == 0:
            change = {"api_goods_id": 2447, "warehouse": "6", "stock": "4.0000"}
            peer.control("/__stock", change)
    print(f"{name:14} {len(rounds)} calls reached the sandbox as expected")


def main() -> None:
    """Check each program."""
    if len(sys.argv) == 1:
        sys.exit(__doc__)
    for argument in sys.argv[1:]:
        name, _, command = argument.partition("=")
        with sandbox(shlex.split(command)) as peer:
            check(name, peer)


if __name__ == "__main__":
    main()
