"""Both clients over real sockets against the real sandbox, and the fixture that starts it."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest
import wdt_proto
from wdt_proto import sandbox as sandbox_module
from wdt_proto.sandbox import Sandbox

if TYPE_CHECKING:
    from pathlib import Path

READS = "wms.StockSpec.search2"
ARGS = ({"spec_nos": ["test"], "warehouse_no": "1002"},)


def client_of(sandbox: Sandbox, **options: object) -> wdt_proto.Client:
    return wdt_proto.Client(sandbox.credentials, sandbox.base_url, **options)  # type: ignore[arg-type]


@pytest.mark.wdt_sandbox(rate_limit=60)
def test_the_six_calls(wdt_sandbox: Sandbox) -> None:
    with client_of(wdt_sandbox) as client:
        calls = client.stock_sync
        page = calls.get_self_wait_sync_id_list_open(10)
        assert page == {"id_list": list(range(1001, 1011)), "position": page["position"]}
        assert calls.get_self_wait_sync_id_list_open(10, page["position"])["id_list"][0] == 1011
        row = calls.calc_stock(1001, False)  # noqa: FBT003
        assert row["rec_id"] == 1001
        batch = calls.batch_calc_stock(
            [{"api_goods_id": good, "force_sync": False} for good in (1002, 1003, 99)]
        )
        assert [good["rec_id"] for good in batch["success_date"]] == [1002, 1003]
        assert [good["rec_id"] for good in batch["error_date"]] == [99]
        first, second = batch["success_date"]
        calls.sync_success(1001, wdt_proto.stock_sync.sync_info(row, success=True))
        failed = wdt_proto.stock_sync.sync_info(first, success=False, result="平台接口限流")
        calls.sync_fail(1002, failed)
        calls.cancel_sync(1003, second["stock_change_count"])
        assert calls.settle([1001, 1002, 1003, 1004, 7], 10) == {1004}
        assert calls.settle([], 10) == set()
        with pytest.raises(wdt_proto.ApiError) as caught:
            calls.cancel_sync(1003, 999)
        assert caught.value.kind == "business"
    state = {good["api_goods_id"]: good for good in wdt_sandbox.state()["goods"]}
    assert [state[good]["last_success"] for good in (1001, 1002, 1003)] == [True, False, None]
    assert state[1002]["last_result"] == "平台接口限流"
    entries = wdt_sandbox.journal()
    assert [entry["effect"]["kind"] for entry in entries if entry["effect"]] == [
        "sync_success",
        "sync_fail",
        "cancel",
    ]


def test_info_passes_the_strict_level_but_for_what_the_platform_never_sends(
    wdt_sandbox: Sandbox,
) -> None:
    with client_of(wdt_sandbox) as client:
        row = client.stock_sync.calc_stock(1001, False)  # noqa: FBT003
    info = wdt_proto.stock_sync.sync_info(row, success=True)
    report = wdt_proto.validate("sales.StockSync.syncSuccess", [1001, info], "strict")
    assert {issue.pointer for issue in report.issues} == {"/1/stock_syn_other", "/1/is_manual"}


@pytest.mark.wdt_sandbox(goods=200)
def test_sixteen_threads_share_one_client_and_its_limiter(wdt_sandbox: Sandbox) -> None:
    limiter = wdt_proto.Limiter(10_000)
    with client_of(wdt_sandbox, limiter=limiter) as client:

        def report(good: int) -> None:
            row = client.stock_sync.calc_stock(good, False)  # noqa: FBT003
            info = wdt_proto.stock_sync.sync_info(row, success=True)
            client.stock_sync.sync_success(good, info)

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(report, range(1001, 1201)))
    assert wdt_sandbox.state()["waiting"] == 0
    assert len(wdt_sandbox.journal()) == 400


@pytest.mark.wdt_sandbox(rate_limit=5)
def test_the_platforms_rate_limit_is_raised(wdt_sandbox: Sandbox) -> None:
    retry = wdt_proto.Retry(rest=None)
    with client_of(wdt_sandbox, limiter=None, retry=retry) as client:
        for _ in range(5):
            client.call("system.Core.now")
        with pytest.raises(wdt_proto.ApiError) as caught:
            client.call("system.Core.now")
    assert caught.value.kind == "rate_limit"


@pytest.mark.wdt_sandbox(clock_offset=-7200)
def test_a_clock_that_is_off_is_corrected(wdt_sandbox: Sandbox) -> None:
    with client_of(wdt_sandbox) as client:
        client.stock_sync.cancel_sync(1001, -1)
        client.stock_sync.cancel_sync(1002, -1)
    assert [entry["status"] for entry in wdt_sandbox.journal()] == [7, 0, 0]


def test_nobody_listens() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{bound.getsockname()[1]}"
        creds = wdt_proto.Credentials("wdtapi3", "appkey", "testsecret:testsalt")
        retry = wdt_proto.Retry(attempts=2, first_delay=0)
        with (
            wdt_proto.Client(creds, base, retry=retry) as client,
            pytest.raises(wdt_proto.TransportError) as caught,
        ):
            client.stock_sync.cancel_sync(1001, -1)
    assert caught.value.fate == "not_sent"


@pytest.mark.wdt_sandbox(faults="slow=2s")
def test_a_timeout_after_sending_leaves_the_fate_open(wdt_sandbox: Sandbox) -> None:
    with (
        client_of(wdt_sandbox, timeout=httpx.Timeout(30.0, read=0.2)) as client,
        pytest.raises(wdt_proto.TransportError, match="ReadTimeout") as caught,
    ):
        client.stock_sync.cancel_sync(1001, -1)
    assert caught.value.fate == "unknown"


@pytest.mark.wdt_sandbox(goods=60, faults="rate_limit=0.05,http_502=0.05,server=0.05,cut=0.05")
def test_the_client_for_tasks(wdt_sandbox: Sandbox) -> None:
    retry = wdt_proto.Retry(attempts=30, first_delay=0.002, rest=(0, 0.005))

    async def work() -> None:
        async with wdt_proto.AsyncClient(
            wdt_sandbox.credentials, wdt_sandbox.base_url, limiter=None, retry=retry
        ) as client:
            calls = client.stock_sync
            ids = (await calls.get_self_wait_sync_id_list_open(60))["id_list"]
            assert len(ids) == 60
            rows = (
                await calls.batch_calc_stock(
                    [{"api_goods_id": good, "force_sync": False} for good in ids]
                )
            )["success_date"]
            infos = {
                row["rec_id"]: wdt_proto.stock_sync.sync_info(row, success=True) for row in rows
            }
            todo = set(ids)
            for _ in range(30):

                async def report(good: int) -> int | None:
                    try:
                        await calls.sync_success(good, infos[good])
                    except wdt_proto.TransportError:
                        return good
                    return None

                lost = await asyncio.gather(*map(report, todo))
                todo = await calls.settle([good for good in lost if good is not None], 60)
                if not todo:
                    break
            rows_seen = [row async for row in client.pages(READS, *ARGS)]
            assert rows_seen
            assert "AsyncClient('http://127.0.0.1:" in repr(client)

    asyncio.run(work())
    assert wdt_sandbox.state()["waiting"] == 0
    goods = [e["effect"]["api_goods_id"] for e in wdt_sandbox.journal() if e["effect"]]
    assert sorted(goods) == list(range(1001, 1061))


def test_from_env(wdt_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in wdt_sandbox.environment().items():
        monkeypatch.setenv(name, value)
    with wdt_proto.Client.from_env(limiter=None) as client:
        assert client.stock_sync.get_self_wait_sync_id_list_open(10)["id_list"]


def test_pages_of_a_canned_reply(wdt_sandbox: Sandbox) -> None:
    with client_of(wdt_sandbox) as client:
        rows = list(client.pages(READS, *ARGS, page_size=1))
    queries = [entry["query"] for entry in wdt_sandbox.journal()]
    assert rows
    assert ["calc_total=1" in query for query in queries] == [True] + [False] * (len(queries) - 1)


def test_the_fixture_for_others(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makepyfile(
        """
        import pytest, wdt_proto

        def test_default(wdt_sandbox):
            assert len(wdt_sandbox.state()["goods"]) == 20
            with wdt_proto.Client(wdt_sandbox.credentials, wdt_sandbox.base_url) as client:
                client.stock_sync.cancel_sync(1001, -1)
            wdt_sandbox.set_stock(1001, "1", "12.0000")
            wdt_sandbox.set_faults("cut=1")
            assert [entry["method"] for entry in wdt_sandbox.journal()] == [
                "sales.StockSync.cancelSync"]
            with pytest.raises(ValueError, match="there is no good 5"):
                wdt_sandbox.set_stock(5, "1", "12.0000")

        @pytest.mark.wdt_sandbox(goods=3)
        def test_marked(wdt_sandbox):
            assert len(wdt_sandbox.state()["goods"]) == 3

        @pytest.mark.wdt_sandbox(seed={"credentials": [
            {"sid": "me", "key": "k", "appsecret": "s:t"}]})
        def test_seeded(wdt_sandbox):
            assert wdt_sandbox.credentials.sid == "me"
            with wdt_proto.Client(wdt_sandbox.credentials, wdt_sandbox.base_url) as client:
                client.call("system.Core.now")
        """
    )
    ran = pytester.runpytest_subprocess("--strict-markers", "-p", "no:cacheprovider", "-W", "error")
    ran.assert_outcomes(passed=3)


def test_a_missing_program_is_named(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WDT_SANDBOX")
    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.setattr(sandbox_module, "PROGRAM", "wdt-sandbox-that-nobody-has")
    monkeypatch.setattr(sandbox_module, "CLI", "wdt-that-nobody-has")
    with pytest.raises(FileNotFoundError, match=r"pip install \./crates/wdt-sandbox"):
        Sandbox().start()
    monkeypatch.setenv("WDT_SANDBOX", str(pytester.path / "nothing"))
    with pytest.raises(FileNotFoundError, match="where there is no file"):
        Sandbox().start()


@pytest.mark.parametrize("named", [False, True])
def test_an_installed_wdt_serves_as_well(
    named: bool,  # noqa: FBT001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """``wdt sandbox`` takes the same options; here a ``wdt`` that knows nothing else."""
    wdt = tmp_path / "wdt"
    program = os.environ["WDT_SANDBOX"]
    wdt.write_text(f'#!/bin/sh\n[ "$1" = sandbox ] && shift && exec "{program}" "$@"\n')
    wdt.chmod(0o755)
    monkeypatch.delenv("WDT_SANDBOX")
    monkeypatch.setattr(sandbox_module, "PROGRAM", "wdt-sandbox-that-nobody-has")
    if named:
        monkeypatch.setenv("WDT_SANDBOX", str(wdt))
    else:
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert sandbox_module.find_command() == [str(wdt), "sandbox"]
    assert sandbox_module.find_program() == str(wdt)
    with Sandbox(goods=3) as sandbox, client_of(sandbox) as client:
        assert len(client.stock_sync.get_self_wait_sync_id_list_open(10)["id_list"]) == 3


def test_a_sandbox_that_does_not_start_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    sandbox = Sandbox(faults="nonsense=1")
    with pytest.raises(RuntimeError, match="ended before it was ready"):
        sandbox.start()
    assert "nonsense" in capfd.readouterr().err
    sandbox.stop()
    with pytest.raises(RuntimeError, match="does not run"):
        sandbox.journal()


def test_a_store_outlives_the_sandbox(tmp_path: Path) -> None:
    store = tmp_path / "store.sqlite"
    with Sandbox(goods=5, store=store) as sandbox, client_of(sandbox) as client:
        client.stock_sync.cancel_sync(1001, -1)
        assert sandbox.pid > 0
    with Sandbox(goods=5, store=store) as sandbox:
        assert sandbox.state()["waiting"] == 4


def test_the_journal_holds_no_secret(wdt_sandbox: Sandbox) -> None:
    with client_of(wdt_sandbox) as client:
        client.call("system.Core.now")
    text = json.dumps(wdt_sandbox.journal())
    assert "sandbox-secret" not in text
    assert "sandbox-salt" not in text
