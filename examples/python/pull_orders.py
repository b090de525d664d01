"""All orders of a span of time into a table of SQLite, each once (拉取订单).

Run it again, and it goes on; kill it whenever you like, and no row is lost.

Credentials come from WDT_SID, WDT_APPKEY, WDT_APPSECRET and WDT_BASE_URL.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from pathlib import Path

import wdt_proto
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

METHOD = "sales.TradeQuery.queryWithDetail"
# `again` counts rows that came with nothing changed: there should be none.
TABLES = """
CREATE TABLE IF NOT EXISTS orders (
    trade_id INTEGER PRIMARY KEY,
    trade_no TEXT,
    modified TEXT,
    paid TEXT,
    content TEXT NOT NULL,
    again INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS states (method TEXT PRIMARY KEY, state TEXT NOT NULL);
"""
KEEP = """
INSERT INTO orders (trade_id, trade_no, modified, paid, content) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (trade_id) DO UPDATE SET
    again = again + (content = excluded.content),
    trade_no = excluded.trade_no, modified = excluded.modified, paid = excluded.paid,
    content = excluded.content
"""


def keep(db: sqlite3.Connection, batch: wdt_proto.Batch) -> None:
    """Put rows and state into the database in one transaction: both are there, or neither."""
    # Decimals as text: SQLite's own numbers would lose digits.
    rows = [
        (
            row["trade_id"],
            row.get("trade_no"),
            str(row.get("modified")),
            str(row.get("paid")),
            json.dumps(row, ensure_ascii=False, default=str),
        )
        for row in batch.rows
    ]
    with db:
        db.executemany(KEEP, rows)
        db.execute("INSERT OR REPLACE INTO states VALUES (?, ?)", (METHOD, batch.state))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    add = parser.add_argument
    add("--since", required=True, help="the earliest moment of all, Beijing time: 2026-11-01")
    add("--until", help="the last moment (now)")
    add("--db", type=Path, default=Path("orders.db"), help="the database (orders.db)")
    add("--per-minute", type=int, default=60, help="calls a minute, 0 for any number (60)")
    add("--attempts", type=int, default=5, help="attempts a call (5)")
    add("--first-delay", type=float, default=0.5, help="seconds after the first failure (0.5)")
    add(
        "--rest",
        type=float,
        nargs=2,
        default=(300, 600),
        help="seconds after a rate limit (300 600)",
    )
    return parser.parse_args()


def show(console: Console, report: wdt_proto.PullReport) -> None:
    """Tell what was done, and what was not."""
    table = Table(title=METHOD)
    for column in ("rows", "windows", "calls", "least calls", "failed"):
        table.add_column(column, justify="right")
    counts = (report.rows, report.windows, report.calls, report.least_calls, len(report.failed))
    table.add_row(*map(str, counts))
    console.print(table)
    for since, until, why in report.failed:
        console.print(f"failed: {since} to {until}: {why}", markup=False)


def main() -> int:
    """Pull, with a progress bar."""
    told = arguments()
    console = Console(stderr=True)
    db = sqlite3.connect(told.db)
    db.executescript(TABLES)
    kept = db.execute("SELECT state FROM states WHERE method = ?", (METHOD,)).fetchone()
    retry = wdt_proto.Retry(
        attempts=told.attempts, first_delay=told.first_delay, rest=tuple(told.rest)
    )
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with (
        wdt_proto.Client.from_env(limiter=told.per_minute or None, retry=retry) as client,
        Progress(*columns, TimeRemainingColumn(), console=console) as progress,
    ):
        bar = progress.add_task("orders", total=1)
        span = {"since": told.since, "until": told.until}
        pull = client.pull(METHOD, **span, state=kept[0] if kept else None)
        for batch in pull:
            keep(db, batch)
            rows = f"{pull.report.rows} orders, up to {batch.until}"
            progress.update(bar, completed=pull.progress, description=rows)
        progress.update(bar, completed=1)
    show(console, pull.report)
    db.close()
    # cron sends a mail where a window failed; the next run takes it up.
    return 1 if pull.report.failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except wdt_proto.WdtError as error:
        sys.exit(f"{type(error).__name__}: {error}")
