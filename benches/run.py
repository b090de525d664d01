"""`make bench-peers`: this project beside what users would write or install instead, in one run.

Builds the contestants, holds each one's output against the vectors, measures in rounds in which all
take turns, and writes the tables and the plot of docs/performance.md and docs/performance.zh-CN.md.
A contestant whose runtime is not on the machine is named, its row says so, and the exit status is 1
unless --allow-missing. `--check` only checks: no timing, nothing written.
"""

from __future__ import annotations

import argparse
import sys
import time

import contest
import report
from entries import GROUPS


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument(
        "--check", action="store_true", help="only hold every output against the vectors"
    )
    parser.add_argument(
        "--allow-missing", action="store_true", help="a runtime that is not here is no failure"
    )
    parser.add_argument(
        "--rounds", type=int, default=120, help="rounds of building; parsing has a quarter as many"
    )
    parser.add_argument(
        "--slice", type=float, default=0.005, help="seconds that a contestant runs in a round"
    )
    parser.add_argument(
        "--no-write", action="store_true", help="print the tables, leave docs/ as it is"
    )
    return parser.parse_args()


def main() -> int:
    """Check, measure, write; give the exit status."""
    args = arguments()
    begun = time.monotonic()
    absent = contest.missing()
    for process, tools in absent.items():
        print(f"{process}: not here, for {tools} is missing", file=sys.stderr)
    failed = bool(absent) and not args.allow_missing
    contest.prepare(absent)
    try:
        kept = contest.check(absent)
    except contest.WrongError as wrong:
        print(f"a contestant is wrong: {wrong}", file=sys.stderr)
        return 1
    checked = sum(entry.process not in absent for entries in GROUPS.values() for entry in entries)
    print(f"{checked} contestants build the vectors' requests or read the whole reply")
    if args.check:
        return int(failed)
    load = contest.load()
    times = contest.measure(args.rounds, args.slice, absent)
    result = report.Result(times, kept, contest.facts(load, absent))
    print(report.for_terminal(result))
    if not (args.no_write or failed):
        report.write(result)
    print(f"{time.monotonic() - begun:.0f} s")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
