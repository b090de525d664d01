"""The whole stock-sync loop (库存同步) of a merchant's own shop, which fails now and then.

Asks which goods wait, has the platform calculate their stock, sets it in the shop, and reports
success or failure back. Each report counts once: one whose answer got lost is settled by asking
the platform, not by sending it again. Kill it whenever you like and start it again: it goes on.

Credentials come from WDT_SID, WDT_APPKEY, WDT_APPSECRET and WDT_BASE_URL.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import wdt_proto
from rich.console import Console
from rich.logging import RichHandler
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from wdt_proto import stock_sync

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SETTLE_ROUNDS = 20


class ShopError(Exception):
    """The shop did not take the stock; the text goes into the report."""


class Shop:
    """Put your shop here. This one keeps the stock in memory and fails now and then."""

    def __init__(self, failures: float, seed: int | None = None) -> None:
        """Fail with this probability."""
        self.stock: dict[int, Any] = {}
        self._failures = failures
        self._random = random.Random(seed)  # noqa: S311 - no secret

    def set_stock(self, api_goods_id: int, quantity: object) -> None:
        """Set the stock of a good: the same however often it is done."""
        if self._random.random() < self._failures:
            message = "平台接口限流，稍后重试"
            raise ShopError(message)
        self.stock[api_goods_id] = quantity


@dataclass
class State:
    """What must outlive the program: the page it is at, and the reports that are on their way.

    Written before a report is sent and after its answer. A crash leaves a whole file, the old one
    or the new one; should the machine lose an older one yet, the platform still knows which goods
    wait, and that decides.
    """

    path: Path | None = None
    position: int = 0
    """The position that the page was asked with."""
    on_the_way: dict[int, str] = field(default_factory=dict)
    """The reports sent without an answer so far, and what they say: ``success`` or ``failure``."""
    counts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def load(cls, path: Path) -> State:
        """Go on where the file says, or begin."""
        if not path.exists():
            return cls(path)
        saved = json.loads(path.read_text(encoding="utf-8"))
        on_the_way = {int(good): outcome for good, outcome in saved["on_the_way"].items()}
        return cls(path, saved["position"], on_the_way, Counter(saved["counts"]))

    def save(self) -> None:
        """Write the file as a whole, or not at all."""
        if self.path is None:
            return
        saved = {
            "position": self.position,
            "on_the_way": self.on_the_way,
            "counts": self.counts,
        }
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(saved), encoding="utf-8")
        os.replace(new, self.path)  # noqa: PTH105 - the name says what it does

    def finish(self) -> None:
        """Forget the position: the next run begins at 0, with all that waits by then."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)


class Loop:
    """The loop over all goods that wait, page by page."""

    def __init__(
        self,
        client: wdt_proto.Client,
        shop: Shop,
        state: State,
        *,
        count: int = 100,
        settle_after: float = 5.0,
    ) -> None:
        """Take ``count`` goods a page; ask ``settle_after`` seconds after a report got lost."""
        self.calls = client.stock_sync
        self.shop = shop
        self.state = state
        self.count = count
        self.settle_after = settle_after
        self.on_progress: Callable[[int, int], object] = lambda _done, _of: None
        """Told how many goods of a page are done, and how many it has."""
        self.reasons: dict[int, str] = {}
        """Why goods were not calculated, or their reports refused."""

    def run(self) -> Counter[str]:
        """Go on until nothing waits; give how many goods came to which end."""
        self.settle_the_last_run()
        while True:
            page = self.calls.get_self_wait_sync_id_list_open(self.count, self.state.position)
            if not page["id_list"]:
                self.state.finish()
                return self.state.counts
            self.do_page(page["id_list"])
            self.state.position = page["position"]
            self.state.save()

    def settle_the_last_run(self) -> None:
        """Count the reports that arrived just before the end; the others wait, and come again."""
        on_the_way = self.state.on_the_way
        if on_the_way:
            lost = self.calls.settle(on_the_way, self.count, self.state.position)
            self.arrived(set(on_the_way) - lost)
            on_the_way.clear()
            self.state.save()

    def do_page(self, goods: list[int]) -> None:
        """Calculate, set and report the goods of one page."""
        wanted: list[stock_sync.Good] = [
            {"api_goods_id": good, "force_sync": False} for good in goods
        ]
        calculated = self.calls.batch_calc_stock(wanted)
        for refused in calculated.get("error_date") or []:
            # They go on waiting, until somebody mends them or calls cancel_sync.
            self.reasons[refused["rec_id"]] = refused.get("err_msg", "")
            self.state.counts["not calculated"] += 1
        rows = calculated.get("success_date") or []
        unsettled: dict[int, stock_sync.SyncInfo] = {}
        for done, row in enumerate(rows, 1):
            good = row["rec_id"]
            try:
                self.shop.set_stock(good, row["syn_stock"])
                info = stock_sync.sync_info(row, success=True)
            except ShopError as error:
                info = stock_sync.sync_info(row, success=False, result=str(error))
            if not self.report(good, info):
                unsettled[good] = info
            self.on_progress(done, len(rows))
        self.settle(unsettled)

    def report(self, good: int, info: stock_sync.SyncInfo) -> bool:
        """Report one good; whether its fate is known."""
        success = bool(info.get("is_syn_success"))
        self.state.on_the_way[good] = "success" if success else "failure"
        self.state.save()
        send = self.calls.sync_success if success else self.calls.sync_fail
        try:
            send(good, info)
        except wdt_proto.TransportError as error:
            if error.fate == "unknown":
                return False
            raise
        except wdt_proto.ApiError as error:
            if error.kind != "business":
                raise
            # Most often the stock changed meanwhile, and the good waits anew, further on.
            del self.state.on_the_way[good]
            self.reasons[good] = error.message
            self.state.counts["refused"] += 1
        else:
            self.arrived([good])
        self.state.save()
        return True

    def settle(self, unsettled: dict[int, stock_sync.SyncInfo]) -> None:
        """Ask what became of the reports without an answer; send those again that got lost."""
        for _ in range(SETTLE_ROUNDS):
            if not unsettled:
                return
            # A call that we gave up may still be under way to the platform.
            time.sleep(self.settle_after)
            lost = self.calls.settle(unsettled, self.count, self.state.position)
            self.arrived(set(unsettled) - lost)
            self.state.counts["settled by asking"] += len(unsettled)
            self.state.save()
            again = {good: unsettled[good] for good in sorted(lost)}
            unsettled = {good: info for good, info in again.items() if not self.report(good, info)}
        if not unsettled:
            return
        message = f"{len(unsettled)} reports got lost {SETTLE_ROUNDS} times; start again later"
        raise SystemExit(message)

    def arrived(self, goods: Iterable[int]) -> None:
        """Count reports that took effect."""
        for good in goods:
            self.state.counts[self.state.on_the_way.pop(good)] += 1


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    add = parser.add_argument
    add(
        "--state",
        type=Path,
        default=Path("stock_sync.state.json"),
        help="where to go on after a crash",
    )
    add("--count", type=int, default=100, help="goods a page, 10 to 5000 (100)")
    add("--shop-failures", type=float, default=0.1, help="how often the made-up shop fails (0.1)")
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
    add(
        "--settle-after",
        type=float,
        default=5,
        help="seconds before a lost report is asked for (5)",
    )
    add("--verbose", action="store_true", help="tell of every attempt that is made again")
    return parser.parse_args(words)


def main() -> int:
    """Run the loop with a progress bar, and show a table."""
    told = arguments()
    console = Console(stderr=True)
    if told.verbose:
        logging.basicConfig(format="%(message)s", handlers=[RichHandler(console=console)])
    state = State.load(told.state)
    if state.position or state.on_the_way:
        console.print(f"Going on at position {state.position}, from {told.state}")
    retry = wdt_proto.Retry(
        attempts=told.attempts, first_delay=told.first_delay, rest=tuple(told.rest)
    )
    columns = (TextColumn("goods of this page"), BarColumn(), MofNCompleteColumn())
    try:
        with (
            wdt_proto.Client.from_env(limiter=told.per_minute or None, retry=retry) as client,
            Progress(*columns, TimeElapsedColumn(), console=console) as bar,
        ):
            task = bar.add_task("", total=None)
            loop = Loop(
                client,
                Shop(told.shop_failures),
                state,
                count=told.count,
                settle_after=told.settle_after,
            )
            loop.on_progress = lambda done, of: bar.update(task, completed=done, total=of)
            counts = loop.run()
    except wdt_proto.WdtError as error:
        console.print(str(error), markup=False)
        if told.state.exists():
            console.print(f"What was done is kept in {told.state}: start again to go on.")
        return 1
    show(counts, loop.reasons)
    return 0


def show(counts: Counter[str], reasons: dict[int, str]) -> None:
    """Print what came of the goods."""
    table = Table(title="库存同步 stock sync")
    table.add_column("came to")
    table.add_column("goods", justify="right")
    names = ("success", "failure", "refused", "not calculated", "settled by asking")
    for name in names:
        table.add_row(name, str(counts[name]))
    console = Console()
    console.print(table)
    for good, why in list(reasons.items())[:10]:
        console.print(f"{good}: {why}", markup=False)


if __name__ == "__main__":
    sys.exit(main())
