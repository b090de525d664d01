"""`wdt pull` against a sandbox that fails and changes, killed again and again.

All rows are to be there, once, exact; the readers are independent: json, sqlite3, pyarrow.
`WDT_PULL_ROWS=200000` makes it the big run, which also measures; `WDT_PULL_QUIET=1` does so without
faults, changes and kills.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
WDT = os.environ.get("WDT_BIN", str(ROOT / "target/debug/wdt"))
METHOD = "sales.TradeQuery.queryWithDetail"
TABLE = METHOD.replace(".", "_")
ROWS = int(os.environ.get("WDT_PULL_ROWS", "3000"))
IS_BIG = "WDT_PULL_ROWS" in os.environ
IS_QUIET = "WDT_PULL_QUIET" in os.environ
KILLS = 0 if IS_QUIET else 5
FAULTS = [] if IS_QUIET else ["--fault", "http_502=0.08,server=0.08,cut=0.04", "--churn", "2/call"]
# A month where it is measured, else two days: each failed attempt costs a quarter of a second.
LAST = "2026-10-31" if IS_BIG else "2026-10-02"
# Rows that change move behind it.
LATER = ["--since", "2026-10-01", "--until", "2026-11-02" if IS_BIG else "2026-10-04"]
SPAN = ["--since", "2026-10-01", "--until", f"{LAST} 23:59:59"]
APP_SECRET = "sandbox-secret:sandbox-salt"
FORMATS = ("jsonl", "sqlite", "parquet")


@dataclass
class Sandbox:
    page: str
    environment: dict[str, str]

    def churn(self, rate: str) -> None:
        asked = Request(  # noqa: S310 - the loopback
            f"{self.page}__rows",
            json.dumps({"churn": rate}).encode(),
            {"Content-Type": "application/json"},
        )
        with urlopen(asked):  # noqa: S310
            pass

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give the platform's own final state, numbers as their digits."""
        with urlopen(f"{self.page}__rows/{METHOD}") as reply:  # noqa: S310 - the loopback
            for line in reply:
                yield json.loads(line, parse_float=Decimal)["row"]


@contextmanager
def sandbox(*options: str) -> Iterator[Sandbox]:
    rows = ["--rows", f"{METHOD}={ROWS}", "--rows-span", f"2026-10-01..{LAST}"]
    command = [WDT, "--json", "sandbox", "--listen", "127.0.0.1:0", "--rate-limit", "0"]
    with subprocess.Popen([*command, *rows, *options], stdout=subprocess.PIPE) as process:  # noqa: S603
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        try:
            yield Sandbox(
                ready["page"],
                {
                    "PATH": os.environ["PATH"],
                    "WDT_SID": ready["sid"],
                    "WDT_APPKEY": ready["key"],
                    "WDT_APPSECRET": APP_SECRET,
                    "WDT_BASE_URL": ready["base_url"],
                },
            )
        finally:
            process.terminate()


def pull(there: Sandbox, to: Path, *options: str) -> subprocess.Popen[str]:
    command = [WDT, "--json", "pull", METHOD, "--to", str(to), "--per-minute", "0"]
    command += [] if "--attempts" in options else ["--attempts", "12"]
    return subprocess.Popen(  # noqa: S603
        [*command, *options],
        env=there.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, err = process.communicate()
    assert process.returncode == 0, out + err
    report: dict[str, Any] = json.loads(out)
    return report


def size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else path.parent.glob(f"{path.name}*")
    return sum(file.stat().st_size for file in files if file.is_file())


def peak(process: subprocess.Popen[str]) -> int:
    """Give the peak of a process's memory in MiB, as far as it has come."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(found[0]) // 1024 if found else 0


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Bring a value to one form: what the three formats have to agree on."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal | float | int):
        return Decimal(str(value)).normalize()
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return value


def wanted(row: dict[str, Any], name: str) -> Any:  # noqa: ANN401 - JSON
    """Give a field as a column has it: epochs as Beijing's clocks show them."""
    value = row.get(name)
    if name in {"modified", "created"} and isinstance(value, int):
        moment = datetime.fromtimestamp(value / 1000 + 8 * 3600, timezone.utc)
        return f"{moment:%Y-%m-%d %H:%M:%S}"
    return None if value == "" else plain(value)


# A key, times, amounts, texts and numbers.
FIELDS = (
    "trade_id",
    "trade_no",
    "modified",
    "created",
    "paid",
    "receivable",
    "shop_no",
    "trade_status",
)

AMOUNTS = ("paid", "receivable")


def check_jsonl(path: Path, there: Sandbox) -> None:
    last: dict[int, str] = {}
    times: Counter[str] = Counter()
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line, parse_float=Decimal)
            last[row["trade_id"]] = line
            times[line] += 1
    assert max(times.values()) == 1, "a row came twice with nothing changed"
    count = 0
    for row in there.rows():
        assert json.loads(last[row["trade_id"]], parse_float=Decimal) == row
        count += 1
    assert count == len(last) == ROWS


def check_sqlite(path: Path, there: Sandbox) -> None:
    db = sqlite3.connect(path)
    ids = dict(db.execute(f"SELECT trade_id, _id FROM {TABLE}"))  # noqa: S608
    assert len(ids) == db.execute(f"SELECT count(*) FROM {TABLE}").fetchone()[0] == ROWS  # noqa: S608
    kept = db.execute(f"SELECT {', '.join(FIELDS)} FROM {TABLE}")  # noqa: S608
    by_key = {cells[0]: dict(zip(FIELDS, cells, strict=True)) for cells in kept}
    lists = db.execute(f"SELECT _parent, count(*) FROM {TABLE}__detail_list GROUP BY 1")  # noqa: S608
    details = dict(lists)
    for row in there.rows():
        cells = by_key[row["trade_id"]]
        for name in FIELDS:
            cell = cells[name]
            number = name in AMOUNTS
            assert (plain(Decimal(cell)) if number else plain(cell)) == wanted(row, name), name
            assert not number or isinstance(cell, str), "an amount is text"
        assert details.get(ids[row["trade_id"]], 0) == len(row.get("detail_list") or [])


def check_parquet(path: Path, there: Sandbox) -> None:
    assert pq.ParquetDataset(path).schema.field("paid").type == pa.decimal128(19, 4)
    seen: dict[int, dict[str, Any]] = {}
    contents: Counter[str] = Counter()
    for part in sorted(path.glob("*.parquet")):
        for batch in pq.ParquetFile(part).iter_batches(columns=[*FIELDS, "detail_list"]):
            for row in batch.to_pylist():
                seen[row["trade_id"]] = row
                if not IS_BIG:
                    contents[str(row)] += 1
    assert len(seen) == ROWS
    for row in there.rows():
        cells = seen[row["trade_id"]]
        assert {name: plain(cells[name]) for name in FIELDS} == {
            name: wanted(row, name) for name in FIELDS
        }
        details = [plain(detail["num"]) for detail in cells["detail_list"] or []]
        assert details == [plain(detail["num"]) for detail in row.get("detail_list") or []]


CHECKS = {"jsonl": check_jsonl, "sqlite": check_sqlite, "parquet": check_parquet}


@pytest.mark.parametrize("ending", FORMATS)
def test_all_rows_are_there_once_and_exact(ending: str, tmp_path: Path) -> None:
    to = tmp_path / f"orders.{ending}"
    with sandbox(*FAULTS) as there:
        began, most, kills, calls = time.monotonic(), 0, 0, 0
        while True:
            process = pull(there, to, *SPAN)
            before = time.monotonic()
            # Killed after a fifth of the rows or so: the more of them the later.
            limit = (kills + 1) * size_of_all(ending) // (KILLS + 1) if kills < KILLS else None
            while process.poll() is None:
                most = max(most, peak(process))
                if limit is not None and (size(to) > limit or time.monotonic() - before > 60):
                    process.send_signal(signal.SIGKILL)
                    process.wait()
                    break
                time.sleep(0.01)
            if process.returncode != -signal.SIGKILL:
                calls += ended(process)["calls"]
                break
            kills += 1
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            process.stderr.close()
        took = time.monotonic() - began
        there.churn("0")
        later = ended(pull(there, to, *LATER))
        assert later["failed"] == []
        CHECKS[ending](to, there)
    assert kills == KILLS
    told = (
        f"{ending}: {ROWS} rows, {kills} kills, {took:.1f} s, {ROWS / took:.0f} rows/s, {most} MiB"
    )
    sys.stderr.write(f"{told}, calls of the last runs {calls} + {later['calls']}\n")
    if IS_BIG and IS_QUIET:
        assert most <= 150


def size_of_all(ending: str) -> int:
    """Give about the bytes that all rows take: when to kill depends on it, nothing else."""
    return ROWS * {"jsonl": 5500, "sqlite": 2500, "parquet": 900}[ending]


def test_it_says_what_is_wrong(tmp_path: Path) -> None:
    with sandbox() as there:
        refusals = [
            (["--to", "x.csv", *SPAN], 2, ".jsonl, .parquet, or .sqlite"),
            (["--to", "x.jsonl", "--since", "yesterday"], 2, "expected a time like"),
            (["--to", "x.jsonl", *SPAN, "--args", "["], 2, "one JSON object"),
            (["--to", "x.jsonl", *SPAN, "--args", '{"start_time":"2026-10-01"}'], 2, "start_time"),
            (["--to", "taken.jsonl", *SPAN], 3, "no state"),
        ]
        (tmp_path / "taken.jsonl").write_text("{}\n", encoding="utf-8")
        for options, status, text in refusals:
            command = [WDT, "pull", METHOD, *options]
            done = subprocess.run(  # noqa: S603
                command,
                env=there.environment,
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
            )
            assert (done.returncode, text in done.stderr) == (status, True), done.stderr
        assert (tmp_path / "taken.jsonl").read_text(encoding="utf-8") == "{}\n"
        unknown = [WDT, "pull", "no.such.method", "--to", "x.jsonl", *SPAN]
        done = subprocess.run(  # noqa: S603
            unknown,
            env=there.environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert "no rows of no.such.method" in done.stderr


def test_two_do_not_write_one_file(tmp_path: Path) -> None:
    to = tmp_path / "orders.jsonl"
    with sandbox("--fault", "slow=50ms") as there:
        first = pull(there, to, *SPAN)
        while not (tmp_path / "orders.jsonl.state").exists():
            time.sleep(0.01)
        second = pull(there, to, *SPAN)
        out, _ = second.communicate()
        assert second.returncode == 3
        assert "another wdt pull" in json.loads(out)["error"]["message"]
        # Stopped as a person does: what is there is kept, and it goes on.
        first.send_signal(signal.SIGINT)
        out, _ = first.communicate()
        assert first.returncode == 1
        assert json.loads(out)["complete"] is False
    state = json.loads((tmp_path / "orders.jsonl.state").read_text(encoding="utf-8"))
    assert state["done"] == to.stat().st_size


def test_what_fails_is_named_and_read_first_the_next_time(tmp_path: Path) -> None:
    to = tmp_path / "orders.sqlite"
    with sandbox("--fault", "server=1") as there:
        process = pull(there, to, *SPAN, "--attempts", "2")
        out, _ = process.communicate()
        assert process.returncode == 1, out
        assert json.loads(out)["error"]["code"] == "api"
    with sandbox("--fault", "server=0.4", "--fault-seed", "3") as there:
        command = [
            WDT,
            "pull",
            METHOD,
            *SPAN,
            "--to",
            str(to),
            "--per-minute",
            "0",
            "--attempts",
            "2",
        ]
        done = subprocess.run(  # noqa: S603
            command,
            env={**there.environment, "WDT_LANG": "zh"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert "失败" in done.stdout
        assert "再运行同一条命令" in done.stderr
        assert int(sqlite3.connect(to).execute("SELECT count(*) FROM _wdt_pull").fetchone()[0]) == 1
