"""Pulls a span of orders with the example in C, over real sockets, with faults; it is killed, too.

usage: end_to_end_pull.py COMMAND (the sandbox's program is in WDT_SANDBOX)

What the sandbox has (`GET /__rows/METHOD`) counts: every row is in the file once, digit by digit.
"""

from __future__ import annotations

import json
import os
import random
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

from wdt_proto.sandbox import Sandbox

METHOD = "sales.TradeQuery.queryWithDetail"
ROWS, KILLS = 4000, 5
SPAN = ("2026-11-01", "2026-11-08")
OPTIONS = {"rows": [f"{METHOD}={ROWS}"], "rows-span": "2026-11-01..2026-11-07"}
FAULTS = "http_502=0.08,server=0.07,cut=0.05"
SECRET = "end-to-end-secret"  # noqa: S105 - made up, and must be in no output
SEED = {"credentials": [{"sid": "卖家 1", "key": "key+/=&", "appsecret": f"{SECRET}:s:a%lt é"}]}
# A proxy of the environment must not come between the program and the loopback.
ENV = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}


def read(line: str) -> dict[str, object]:
    """Read JSON, its numbers as they are written."""
    row: dict[str, object] = json.loads(line, parse_float="#{}".format, parse_int="#{}".format)
    return row


def same(row: object) -> str:
    """Give a row in one form."""
    return json.dumps(row, sort_keys=True)


def lines(text: bytes) -> list[str]:
    """Split at line feeds alone: a text in a row may hold what Unicode calls a line's end."""
    return text.decode().removesuffix("\n").split("\n")


def held(sandbox: Sandbox) -> Counter[str]:
    """Give the platform's own rows."""
    address = f"{sandbox.page.rstrip('/')}/__rows/{METHOD}"
    with build_opener(ProxyHandler({})).open(address, timeout=60) as answer:
        return Counter(same(read(line)["row"]) for line in lines(answer.read()))


def pull(command: list[str], sandbox: Sandbox, rows: Path) -> subprocess.Popen[str]:
    """Start the program."""
    return subprocess.Popen(  # noqa: S603 - the program that this is about
        [*command, *SPAN, str(rows)],
        env=ENV | sandbox.environment() | {"WDT_PER_MINUTE": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def main() -> None:
    """Kill it some times, let it end, compare; then again, with nothing new."""
    if len(sys.argv) == 1:
        sys.exit(__doc__)
    command, chance = shlex.split(sys.argv[1]), random.Random(1)  # noqa: S311 - no secret
    with (
        Sandbox(seed=SEED, faults=FAULTS, options=OPTIONS) as sandbox,
        tempfile.TemporaryDirectory() as folder,
    ):
        rows, output, killed = Path(folder) / "orders.jsonl", "", 0
        for _ in range(KILLS):
            program = pull(command, sandbox, rows)
            try:
                output += program.communicate(timeout=chance.uniform(0.2, 1.5))[0]
            except subprocess.TimeoutExpired:
                program.kill()
                output += program.communicate()[0]
                killed += 1
        for _ in range(2):
            program = pull(command, sandbox, rows)
            output += program.communicate(timeout=300)[0]
            found = Counter(same(read(line)) for line in lines(rows.read_bytes()))
            expected = held(sandbox)
            if program.returncode != 0 or found != expected or found.total() != ROWS:
                lost, twice = expected - found, found - expected
                sys.exit(
                    f"exit code {program.returncode}, {found.total()} rows, "
                    f"lost {lost.total()}, too many {twice.total()}\n{output}"
                )
        if killed == 0 or SECRET in output:
            sys.exit(f"killed {killed} times, or the output holds the secret:\n{output}")
        calls = len(sandbox.journal())
    print(f"{ROWS} rows pulled, each once: killed {killed} times, {calls} requests with faults")


if __name__ == "__main__":
    main()
