#!/usr/bin/env python3
"""The sandbox under load: calls a second, latency, memory. Needs wrk and a release build.

Every call is verified, and every answer looked at: the signatures are made here with hashlib,
anew for each round, so that none is older than the 120 s that the platform accepts. wrk runs on the
same cores.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from calls import ROOT, Sandbox, report, running, signed_query

if TYPE_CHECKING:
    from collections.abc import Iterable

PROGRAM = ROOT / "target" / "release" / "wdt-sandbox"
SYNC = "sales.StockSync."
GOODS = 2000
THREADS, CONNECTIONS, SECONDS = 1, 32, 10
CALLS_A_ROUND = 20_000
# The promises: calls a second, microseconds, MiB.
LEAST_RATE, MOST_P99, MOST_GROWTH = 2000, 20_000, 4


@dataclass(frozen=True)
class Round:
    """What wrk measured; times in microseconds."""

    calls: int
    duration: int
    failed: int
    p50: int
    p99: int
    slowest: int

    @property
    def rate(self) -> float:
        """Calls a second."""
        return self.calls / self.duration * 1e6


def reads() -> Iterable[tuple[str, str]]:
    """Calculate all goods, one a call."""
    for n in range(CALLS_A_ROUND):
        yield f"{SYNC}calcStock", f"[{1001 + n % GOODS},false]"


def writes(sandbox: Sandbox) -> Iterable[tuple[str, str]]:
    """Report all goods, over and over: each report takes effect."""
    stock = sandbox.call(f"{SYNC}calcStock", 1001, False)  # noqa: FBT003 -- the platform's argument
    for n in range(CALLS_A_ROUND):
        info = json.dumps(report(stock, f"round {n}"), separators=(",", ":"))
        yield f"{SYNC}syncSuccess", f"[{1001 + n % GOODS},{info}]"


def wrk(sandbox: Sandbox, calls: Iterable[tuple[str, str]], seconds: int = SECONDS) -> Round:
    """Sign the calls and let wrk send them."""
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        for method, body in calls:
            file.write(f"{signed_query(method, body)}\t{body}\n")
        file.flush()
        script = Path(__file__).with_name("wrk.lua")
        load = ["-t", str(THREADS), "-c", str(CONNECTIONS), "-d", f"{seconds}s"]
        command = ["wrk", *load, "-s", str(script), sandbox.page, "--", file.name, str(THREADS)]
        run = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    (line,) = (line for line in run.stdout.splitlines() if line.startswith("result "))
    return Round(*map(int, line.split()[1:]))


def rss(sandbox: Sandbox) -> float:
    """Resident memory, in MiB."""
    status = Path(f"/proc/{sandbox.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def show(name: str, measured: Round, memory: float) -> None:
    """Print a round's line."""
    p50, p99, slowest = (t / 1000 for t in (measured.p50, measured.p99, measured.slowest))
    print(
        f"  {name:<21} {measured.rate:>8,.0f} calls/s   p50 {p50:.2f} ms   p99 {p99:.2f} ms   "
        f"max {slowest:.1f} ms   {measured.failed} failed   {memory:.1f} MiB"
    )


def main() -> None:
    """Measure, print, and say whether the promises hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=200_000, help="calls of the memory's part")
    calls = parser.parse_args().calls
    options = ("--rate-limit", "0", "--goods", str(GOODS))
    print(f"wrk: {THREADS} thread, {CONNECTIONS} connections, {SECONDS} s each, same machine")
    rounds: list[Round] = []
    with running(PROGRAM, *options) as sandbox:
        for name, made in (("calcStock", reads()), ("syncSuccess", writes(sandbox))):
            measured = wrk(sandbox, made)
            rounds.append(measured)
            show(name, measured, rss(sandbox))
    with (
        tempfile.TemporaryDirectory() as folder,
        running(PROGRAM, *options, "--store", f"{folder}/state.sqlite") as sandbox,
    ):
        measured = wrk(sandbox, writes(sandbox))
        rounds.append(measured)
        show("syncSuccess, --store", measured, rss(sandbox))

    print(f"memory over {calls:,} calls, once the journal is full:")
    with running(PROGRAM, *options) as sandbox:
        wrk(sandbox, writes(sandbox), seconds=3)
        sizes, sent = [rss(sandbox)], 0
        print(f"  {sent:>9,} calls   {sizes[0]:6.1f} MiB")
        while sent < calls:
            sent += wrk(sandbox, writes(sandbox), seconds=3).calls
            sizes.append(rss(sandbox))
            print(f"  {sent:>9,} calls   {sizes[-1]:6.1f} MiB")
    grown = sizes[-1] - sizes[0]

    promises = {
        f"{LEAST_RATE:,} verified calls a second": all(r.rate >= LEAST_RATE for r in rounds),
        f"p99 below {MOST_P99 / 1000:.0f} ms": all(r.p99 < MOST_P99 for r in rounds),
        "every call verified, none failed": all(r.failed == 0 for r in rounds),
        f"memory flat ({grown:+.1f} MiB)": grown < MOST_GROWTH,
    }
    for promise, holds in promises.items():
        print(f"  {'holds' if holds else 'MISSED'}: {promise}")
    raise SystemExit(not all(promises.values()))


if __name__ == "__main__":
    main()
