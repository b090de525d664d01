"""Pulls: over rows that change, through faults and kills; and what becomes of calls that fail."""

from __future__ import annotations

import asyncio
import json
import pickle
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import wdt_proto
from scripted import NOW, FakeClock, Script, bad_gateway, database_error, ok, refusal, scripted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wdt_proto.sandbox import Sandbox

TRADES = "sales.TradeQuery.queryWithDetail"
DAY: dict[str, Any] = {"since": "2026-10-01", "until": "2026-10-02 00:00:00"}
ROWS = {"rows": [f"{TRADES}=2000"], "rows-span": "2026-10-01..2026-10-01", "churn": "2/call"}
FAULTS = "rate_limit=0.03,http_502=0.05,server=0.05,cut=0.05"
PATIENT = wdt_proto.Retry(attempts=30, first_delay=0.002, rest=(0, 0.005))
HASTY = wdt_proto.Retry(attempts=1)
# With so many failures in a row the pull raises: the core says so.
FAILURES_IN_A_ROW = 3


class Copy:
    """What a program keeps: rows by their key, and the state."""

    def __init__(self) -> None:
        self.rows: dict[int, Any] = {}
        self.state: str | None = None
        self.contents: list[str] = []
        self.calls = 0

    def keep(self, batch: wdt_proto.Batch) -> None:
        self.rows.update((row["trade_id"], row) for row in batch.rows)
        self.contents += [json.dumps(row, sort_keys=True, default=repr) for row in batch.rows]
        self.state = batch.state


def is_same(copy: Copy, sandbox: Sandbox) -> None:
    there = {row["trade_id"]: row for row in sandbox.rows(TRADES)}
    assert len(there) == 2000
    assert copy.rows == there
    assert len(set(copy.contents)) == len(copy.contents)
    # Rows that were handed out have changed, and came again.
    assert len(copy.contents) > 2000


@pytest.mark.wdt_sandbox(faults=FAULTS, options=ROWS)
def test_all_rows_come_once_though_they_change_calls_fail_and_the_program_dies(
    wdt_sandbox: Sandbox,
) -> None:
    copy = Copy()
    made = wdt_sandbox.credentials, wdt_sandbox.base_url
    with wdt_proto.Client(*made, limiter=None, retry=PATIENT) as client:
        least = client.pull(TRADES, **DAY).report.least_calls
        kills = 0
        for _ in range(20):
            pull = client.pull(TRADES, **DAY, state=copy.state)
            for kept, batch in enumerate(pull):
                if kept == 5:
                    # It dies with a batch that it has not kept.
                    kills += 1
                    break
                copy.keep(batch)
            copy.calls += pull.report.calls
            if pull.progress == 1:
                break
        wdt_sandbox.set_churn("0")
        pull = client.pull(TRADES, since=DAY["since"], until="2026-10-04", state=copy.state)
        for batch in pull:
            copy.keep(batch)
    assert pull.report.failed == []
    is_same(copy, wdt_sandbox)
    # An hour a window is the most: 24 calls; a batch in six was thrown away.
    assert (least, kills) == (24, 4)
    assert copy.calls <= 1.5 * least


@pytest.mark.wdt_sandbox(faults=FAULTS, options=ROWS)
def test_the_client_for_tasks_pulls_the_same(wdt_sandbox: Sandbox) -> None:
    copy = Copy()

    async def work() -> None:
        made = wdt_sandbox.credentials, wdt_sandbox.base_url
        async with wdt_proto.AsyncClient(*made, limiter=None, retry=PATIENT) as client:
            pull = client.pull(TRADES, **DAY)
            async for batch in pull:
                copy.keep(batch)
                break
            assert 0 < pull.progress < 1
            # The same pull goes on where the loop was left.
            async for batch in pull:
                copy.keep(batch)
            assert pull.progress == 1
            assert pull.report.rows == len(copy.contents)
            assert pull.report.calls <= 2 * pull.report.least_calls
            wdt_sandbox.set_churn("0")
            async for batch in client.pull(
                TRADES, since=DAY["since"], until="2026-10-04", state=copy.state
            ):
                copy.keep(batch)

    asyncio.run(work())
    is_same(copy, wdt_sandbox)


SINCE = "2026-10-01 10:00:00"
HOURS: dict[str, Any] = {"since": SINCE, "until": "2026-10-01 20:00:00"}


def one_row_a_window(fails: Callable[[str], Any]) -> Callable[[httpx.Request], httpx.Response]:
    """Answer each window with a row that is named after its start, or as ``fails`` says."""

    def answer(request: httpx.Request) -> httpx.Response:
        (window,) = json.loads(request.content)
        start = window["start_time"]
        failed = fails(start)
        if isinstance(failed, Exception):
            raise failed
        if failed is not None:
            return failed  # type: ignore[no-any-return]
        at = str(datetime.fromisoformat(start) + timedelta(seconds=1))
        return ok({"order": [{"trade_id": start, "modified": at}]}, total=1)

    return answer


def client_of(
    fails: Callable[[str], Any],
    **options: Any,  # noqa: ANN401 - those of the class
) -> tuple[wdt_proto.Client, Script]:
    client, script = scripted(retry=HASTY, limiter=None, **options)
    script.always = one_row_a_window(fails)
    return client, script


def starts(batches: Iterable[wdt_proto.Batch]) -> list[str]:
    return [row["trade_id"] for batch in batches for row in batch.rows]


@pytest.mark.parametrize(
    "failure",
    [
        database_error,
        bad_gateway,
        lambda: refusal(100, "超过每分钟最大调用频率限制"),
        lambda: httpx.Response(200, text="<html>"),
        lambda: httpx.ReadTimeout("slow"),
    ],
)
def test_what_fails_is_passed_over_and_taken_up_later(failure: Callable[[], Any]) -> None:
    broken = True
    seen: list[str] = []

    def fails(start: str) -> httpx.Response | Exception | None:
        seen.append(start)
        return failure() if broken and len(seen) in {2, 3} else None

    client, _ = client_of(fails)
    pull = client.pull(TRADES, **HOURS)
    batches = list(pull)
    report = pull.report
    assert [(since, until) for since, until, _ in report.failed] == [
        (batches[1].since, batches[1].until),
        (batches[2].since, batches[2].until),
    ]
    assert all(why for *_, why in report.failed)
    assert report.calls == len(seen) - 2
    assert report.rows == len(starts(batches)) == report.windows

    broken = False
    later = client.pull(TRADES, **HOURS, state=batches[-1].state)
    assert [since for since, *_ in later.report.failed] == [batches[1].since, batches[2].since]
    assert starts(later)[:2] == [batches[1].since, batches[2].since]
    assert later.report.failed == []


def test_a_platform_that_is_down_is_raised_and_the_last_state_goes_on() -> None:
    down = False
    client, script = client_of(lambda _: database_error() if down else None)
    pull = client.pull(TRADES, **HOURS)
    kept = [next(pull)]
    down = True
    kept += [next(pull) for _ in range(FAILURES_IN_A_ROW - 1)]
    with pytest.raises(wdt_proto.ApiError):
        next(pull)
    assert len(pull.report.failed) == FAILURES_IN_A_ROW - 1
    # Who asks again is told again, and nothing is passed over.
    with pytest.raises(wdt_proto.ApiError):
        next(pull)
    assert len(pull.report.failed) == FAILURES_IN_A_ROW - 1
    assert script.calls[-1].body == script.calls[-2].body

    down = False
    later = client.pull(TRADES, **HOURS, state=kept[-1].state)
    rest = starts(later)
    assert later.report.failed == []
    assert rest[:2] == [batch.since for batch in kept[1:]]
    assert rest[2] == json.loads(script.calls[4].body)[0]["start_time"]
    # The first pull goes on as well.
    assert starts(pull)[0] == rest[2]


def test_failures_with_answers_between_them_are_not_raised() -> None:
    count = 0

    def fails(_: str) -> httpx.Response | None:
        nonlocal count
        count += 1
        return database_error() if count % 3 else None

    client, _ = client_of(fails)
    pull = client.pull(TRADES, since="2026-10-01", until="2026-10-02")
    list(pull)
    assert len(pull.report.failed) > FAILURES_IN_A_ROW


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [(1, "验证失败", "authentication"), (100, "权限不足", "permission")],
)
def test_refusals_of_the_caller_are_raised_at_once(status: int, message: str, kind: str) -> None:
    client, script = client_of(lambda _: refusal(status, message))
    pull = client.pull(TRADES, **HOURS)
    with pytest.raises(wdt_proto.ApiError) as caught:
        next(pull)
    assert caught.value.kind == kind
    assert (len(script.calls), pull.report.failed) == (1, [])


def test_arguments_that_are_wrong_are_raised_before_a_call() -> None:
    client, script = client_of(lambda _: None)
    pull = client.pull(TRADES, {"shop_no": ["1", "2"]}, **HOURS)
    with pytest.raises(wdt_proto.ValidationError, match="shop_no"):
        next(pull)
    with pytest.raises(wdt_proto.ValidationError, match="must be str"):
        client.pull(TRADES, {1: "x"}, **HOURS)  # type: ignore[dict-item]
    assert script.calls == []


@pytest.mark.parametrize(
    ("method", "options", "text", "text_zh"),
    [
        ("no.such.method", {}, "no rows of no.such.method", "没有 no.such.method 的数据行"),
        ("sales.StockSync.syncFail", {}, "no rows", "没有"),
        (TRADES, {"params": {"start_time": SINCE}}, "start_time is set by", "start_time 由"),
        (TRADES, {"params": [1]}, "one JSON object", "一个 JSON 对象"),
        (TRADES, {"params": "{"}, "one JSON object", "一个 JSON 对象"),
        (TRADES, {"page_size": 0}, "page size", "每页行数"),
        (TRADES, {"page_size": -1}, "page size", "每页行数"),
        (TRADES, {"page_size": 2**31}, "page size", "每页行数"),
        (TRADES, {"page_size": 10**30}, "page size", "每页行数"),
        (TRADES, {"until": "2026-09-30"}, "until lies before", "until 早于"),
        (TRADES, {"state": "{}"}, "no state of a pull", "不是拉取的状态"),
    ],
)
def test_a_pull_that_cannot_be(
    method: str,
    options: dict[str, Any],
    text: str,
    text_zh: str,
) -> None:
    client, script = client_of(lambda _: None)
    with pytest.raises(wdt_proto.PullError, match=text) as caught:
        client.pull(method, **{**HOURS, **options})
    assert text_zh in caught.value.text_zh
    assert isinstance(caught.value, wdt_proto.WdtError)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert (again.text, again.text_zh) == (caught.value.text, caught.value.text_zh)
    assert script.calls == []


def test_a_state_of_another_pull_is_refused() -> None:
    client, _ = client_of(lambda _: None)
    state = list(client.pull(TRADES, {"shop_no": "1"}, **HOURS))[-1].state
    assert list(client.pull(TRADES, '{"shop_no":"1"}', **HOURS, state=state))
    with pytest.raises(wdt_proto.PullError, match="its arguments differ"):
        client.pull(TRADES, {"shop_no": "2"}, **HOURS, state=state)
    with pytest.raises(wdt_proto.PullError, match="its method differ"):
        client.pull("wms.StockSpec.search2", {"shop_no": "1"}, **HOURS, state=state)
    creds = wdt_proto.Credentials("another", "appkey", "testsecret:testsalt")
    with (
        wdt_proto.Client(creds, "http://erp.example") as another,
        pytest.raises(wdt_proto.PullError, match="its account differ"),
    ):
        another.pull(TRADES, {"shop_no": "1"}, **HOURS, state=state)


@pytest.mark.parametrize(
    "since",
    [
        SINCE,
        "2026-10-01 10:00",
        datetime(2026, 10, 1, 10),  # noqa: DTZ001 - Beijing time
        datetime(2026, 10, 1, 10, 0, 0, 999_999),  # noqa: DTZ001
        datetime(2026, 10, 1, 2, tzinfo=timezone.utc),
        datetime(2026, 9, 30, 22, 0, 0, 5, tzinfo=timezone(timedelta(hours=-4))),
    ],
)
def test_moments_are_beijing_time(since: datetime | str) -> None:
    client, script = client_of(lambda _: None)
    until = datetime(2026, 10, 1, 10, 30)  # noqa: DTZ001
    (batch,) = client.pull(TRADES, since=since, until=until)
    assert (batch.since, batch.until) == (SINCE, "2026-10-01 10:30:00")
    (call,) = script.calls
    assert json.loads(call.body) == [{"start_time": SINCE, "end_time": "2026-10-01 10:30:00"}]
    assert call.query["page_no"] == "0"
    assert call.query["page_size"] == "200"
    assert call.query["calc_total"] == "1"


@pytest.mark.parametrize("value", ["yesterday", "2026-02-30", 1_790_000_000, None, ""])
def test_what_is_no_moment_is_refused(value: object) -> None:
    client, _ = client_of(lambda _: None)
    with pytest.raises(wdt_proto.ValidationError, match=r"^since: expected a datetime"):
        client.pull(TRADES, since=value)  # type: ignore[arg-type]
    if value is not None:
        with pytest.raises(wdt_proto.ValidationError, match=r"^until: expected a datetime"):
            client.pull(TRADES, since=SINCE, until=value)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["lag", "overlap"])
@pytest.mark.parametrize("seconds", [-1, 2**32, -(10**30)])
def test_seconds_must_fit(name: str, seconds: int) -> None:
    client, _ = client_of(lambda _: None)
    with pytest.raises(wdt_proto.ValidationError, match=f"^{name}: "):
        client.pull(TRADES, since=SINCE, **{name: seconds})  # type: ignore[arg-type]


def test_without_an_end_it_is_now_but_for_the_lag() -> None:
    clock = FakeClock()
    client, script = client_of(lambda _: None, clock=clock)
    beijing = timezone(timedelta(hours=8))
    now = datetime.fromtimestamp(NOW, beijing)
    pull = client.pull(TRADES, since=now - timedelta(minutes=30), lag=300)
    batches = list(pull)
    assert batches[-1].until == f"{now - timedelta(minutes=5):%Y-%m-%d %H:%M:%S}"
    # The next one begins earlier, by the overlap.
    clock.now += 3600
    first = next(client.pull(TRADES, since=SINCE, state=batches[-1].state, overlap=60))
    assert first.since == f"{now - timedelta(minutes=6):%Y-%m-%d %H:%M:%S}"
    assert json.loads(script.calls[-1].body)[0]["start_time"] == first.since


def test_report_and_progress_live() -> None:
    client, _ = client_of(lambda _: None)
    pull = client.pull(TRADES, **HOURS)
    assert (pull.progress, pull.report.calls) == (0, 0)
    before = 0.0
    for count, _ in enumerate(pull, 1):
        assert before < pull.progress <= 1
        before = pull.progress
        assert (pull.report.calls, pull.report.windows, pull.report.rows) == (count, count, count)
    assert repr(pull) == f"<pull of {TRADES}: 100.0 %>"
    assert pull.report.least_calls == 10


def test_rows_are_counted_against_the_total() -> None:
    client, script = scripted(limiter=None)
    script.always = lambda _: ok({"order": [{"trade_id": 1}]}, total=2)
    pull = client.pull(TRADES, since=SINCE, until="2026-10-01 10:30:00")
    assert [batch.rows for batch in pull] == [[]]
    ((since, until, why),) = pull.report.failed
    assert (since, until) == (SINCE, "2026-10-01 10:30:00")
    assert "fewer rows than its total" in why
    assert pull.report.calls == len(script.calls) == 3


def test_rows_are_exact() -> None:
    text = (
        '{"status":0,"data":{"total_count":1,"order":'
        '[{"trade_id":9007199254740993,"paid":999999999999999.9999,"name":"\\ud83d"}]}}'
    )
    client, script = scripted(limiter=None)
    script.always = lambda _: httpx.Response(200, text=text)
    ((row,),) = [
        batch.rows for batch in client.pull(TRADES, since=SINCE, until="2026-10-01 10:30:00")
    ]
    assert row == {
        "trade_id": 9007199254740993,
        "paid": Decimal("999999999999999.9999"),
        "name": "\ud83d",
    }


def test_a_method_without_a_span_is_read_whole() -> None:
    client, script = scripted(limiter=None)
    script.always = lambda _: ok({"details": [{"shop_no": "1"}]}, total=1)
    pull = client.pull("setting.Shop.queryShop", since=SINCE)
    assert [batch.rows for batch in pull] == [[{"shop_no": "1"}]]
    assert script.calls[0].body == b"[{}]"
    assert pull.report.calls == 1
