"""Runs the examples in C, Rust, PHP and Python against one sandbox each, over real sockets.

usage: end_to_end.py NAME=COMMAND… (the sandbox's program is in WDT_SANDBOX)

Each program reports a failed synchronisation of good 2447 with change counter 2. What the sandbox's
journal says of it counts, not what the program says of itself.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import Any

from wdt_proto.sandbox import Sandbox

GOOD = {"api_goods_id": 2447, "stock": {"6": "3.0000"}, "stock_change_count": 2}
SECRET = "end-to-end-secret"  # noqa: S105 - made up, and must be in no output
SEED = {
    "credentials": [{"sid": "卖家 1", "key": "key+/=&", "appsecret": f"{SECRET}:s:a%lt é"}],
    "goods": [GOOD],
}
EFFECT = {"kind": "sync_fail", "api_goods_id": 2447, "stock_change_count": 2}
# A proxy of the environment must not come between the program and the loopback.
ENV = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}


def run(
    command: list[str], sandbox: Sandbox, **changes: str
) -> tuple[int, str, list[dict[str, Any]]]:
    """Run the program; give its exit code, its output, and what reached the sandbox."""
    before = len(sandbox.journal())
    done = subprocess.run(  # noqa: S603 - the programs that this is about
        command,
        env=ENV | sandbox.environment() | changes,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).decode(), sandbox.journal()[before:]


def check(name: str, command: list[str], sandbox: Sandbox) -> None:
    """See it accepted, then refused: its counter has moved on, its secret is wrong."""
    wrong = {"WDT_APPSECRET": "end-to-end-wrong:s:a%lt é"}
    rounds: list[tuple[str, dict[str, str], int, int, dict[str, Any] | None]] = [
        ("accepted", {}, 0, 0, EFFECT),
        ("refused: the stock has changed since", {}, 1, 100, None),
        ("refused: a wrong secret", wrong, 1, 1, None),
    ]
    for what, changes, code, status, effect in rounds:
        found, output, entries = run(command, sandbox, **changes)
        reached = [(entry["method"], entry["status"], entry["effect"]) for entry in entries]
        expected = [("sales.StockSync.syncFail", status, effect)]
        if found != code or reached != expected:
            sys.exit(f"{name}, {what}: exit code {found}; the journal has {reached}\n{output}")
        if SECRET in output or "end-to-end-wrong" in output:
            sys.exit(f"{name}, {what}: the output holds the secret")
        if status == 0:
            sandbox.set_stock(2447, "6", "4.0000")
    print(f"{name:14} {len(rounds)} calls reached the sandbox as expected")


def main() -> None:
    """Check each program."""
    if len(sys.argv) == 1:
        sys.exit(__doc__)
    for argument in sys.argv[1:]:
        name, _, command = argument.partition("=")
        with Sandbox(seed=SEED) as sandbox:
            check(name, shlex.split(command), sandbox)


if __name__ == "__main__":
    main()
