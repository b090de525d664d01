"""The second half of `make demo`: a month of orders into SQLite, with faults and a kill."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table
from wdt_proto.sandbox import Sandbox

METHOD = "sales.TradeQuery.queryWithDetail"
ORDERS = 20_000
FAULTS = "rate_limit=0.03,server=0.05,http_502=0.05,cut=0.05,slow=20ms@0.02"
ROWS = {"rows": [f"{METHOD}={ORDERS}"], "rows-span": "2026-10-01..2026-10-31", "churn": "2/call"}
KEPT = "SELECT count(*) FROM orders"
QUERY = (
    "SELECT substr(modified, 1, 10) AS day, count(*) FROM orders GROUP BY 1 ORDER BY 2 DESC LIMIT 3"
)

console = Console()


def program(sandbox: Sandbox, db: Path, until: str) -> subprocess.Popen[bytes]:
    """Start what a person would, but for the waits: the sandbox needs none after a rate limit."""
    command = [sys.executable, str(Path(__file__).with_name("pull_orders.py"))]
    command += ["--since=2026-10-01", f"--until={until}", f"--db={db}", "--per-minute=0"]
    command += ["--attempts=20", "--first-delay=0.01", "--rest", "0.01", "0.05"]
    return subprocess.Popen(command, env={**os.environ, **sandbox.environment()})  # noqa: S603


def number(db: Path, query: str) -> int:
    """Ask the database for a number; 0 while there is no table yet."""
    try:
        found = sqlite3.connect(f"file:{db}?mode=ro", uri=True, timeout=10).execute(query)
        return int(found.fetchone()[0] or 0)
    except sqlite3.OperationalError:
        return 0


def differing(sandbox: Sandbox, db: Path) -> int:
    """Count the orders that the database has not, or not as the platform has them now."""
    kept = dict(sqlite3.connect(db).execute("SELECT trade_id, content FROM orders").fetchall())
    return sum(
        kept.get(row["trade_id"]) != json.dumps(row, ensure_ascii=False, default=str)
        for row in sandbox.rows(METHOD)
    )


def main() -> int:
    """Pull, kill, go on, and compare."""
    console.print(
        f"\nThe platform again, {ORDERS:,} orders of a month, two of them changed after each call, "
        f"faults: {FAULTS}",
        markup=False,
    )
    with tempfile.TemporaryDirectory() as folder, Sandbox(faults=FAULTS, options=ROWS) as sandbox:
        db = Path(folder) / "orders.db"
        first = program(sandbox, db, "2026-11-01")
        while first.poll() is None and number(db, KEPT) < ORDERS * 0.4:
            time.sleep(0.05)
        first.kill()
        first.wait()
        console.print(f"killed (-9) with {number(db, KEPT):,} orders kept; again:")
        if program(sandbox, db, "2026-11-01").wait() != 0:
            return 1
        calls = sum(entry["method"] == METHOD for entry in sandbox.journal())
        failed = sum(bool(entry["fault"]) for entry in sandbox.journal())
        # What changed as the last hours were read lies behind them: one more run, as from cron.
        sandbox.set_churn("0")
        if program(sandbox, db, "2026-11-03").wait() != 0:
            return 1
        lost = differing(sandbox, db)
        twice = number(db, "SELECT sum(again) FROM orders")
        kept = number(db, KEPT)
        least = 31 * 24
        table = Table(title="A month of orders, as the sandbox saw it")
        table.add_column("")
        table.add_column("", justify="right")
        table.add_row("orders kept", f"{kept:,}")
        table.add_row("calls that a month takes at least, an hour each", str(least))
        table.add_row("calls answered, with the killed run", str(calls - failed))
        table.add_row("calls that a fault hit besides", str(failed))
        table.add_row("orders lost, or not as they are now", str(lost))
        table.add_row("orders that came twice with nothing changed", str(twice))
        console.print(table)
        console.print(f"\n{QUERY}", markup=False, soft_wrap=True)
        for row in sqlite3.connect(db).execute(QUERY):
            console.print("  ", *row)
    return 1 if lost or twice or kept != ORDERS else 0


if __name__ == "__main__":
    sys.exit(main())
