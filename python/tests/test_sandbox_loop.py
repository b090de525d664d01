"""The whole loop against the real sandbox: faults, kills, and each report taking effect once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import wdt_proto

EXAMPLE = Path(__file__).parents[2] / "examples" / "python" / "stock_sync.py"
sys.path.insert(0, str(EXAMPLE.parent))
try:
    import stock_sync as example
finally:
    sys.path.pop(0)

if TYPE_CHECKING:
    from wdt_proto import Client
    from wdt_proto.sandbox import Sandbox

# As quick as the sandbox, and more patient than its faults.
RETRY = wdt_proto.Retry(attempts=30, first_delay=0.002, longest_delay=0.01, rest=(0.0, 0.005))
FAST = ["--per-minute=0", "--attempts=30", "--first-delay=0.002", "--rest", "0", "0.01"]


def effects(sandbox: Sandbox) -> Counter[tuple[int, int]]:
    """Count the effects by good and change counter, as the sandbox's journal has them."""
    return Counter(
        (entry["effect"]["api_goods_id"], entry["effect"]["stock_change_count"])
        for entry in sandbox.journal()
        if entry["effect"]
    )


def client_of(sandbox: Sandbox, **options: Any) -> Client:  # noqa: ANN401 - options
    defaults: dict[str, Any] = {"limiter": None, "retry": RETRY}
    return wdt_proto.Client(sandbox.credentials, sandbox.base_url, **{**defaults, **options})


FAULTS = "rate_limit=0.04,server=0.04,clock=0.04,http_502=0.04,cut=0.04,slow=1ms@0.2"
ALL_FAULTS = {"rate_limit", "server", "clock", "http_502", "cut"}


@pytest.mark.wdt_sandbox(goods=2000, faults=FAULTS)
def test_with_a_fifth_of_faults_each_good_is_reported_once(wdt_sandbox: Sandbox) -> None:
    shop = example.Shop(failures=0.1, seed=1)
    with client_of(wdt_sandbox) as client:
        loop = example.Loop(client, shop, example.State(), count=200, settle_after=0.0)
        counts = loop.run()

    journal = wdt_sandbox.journal()
    faulty = Counter(entry["fault"] for entry in journal if entry["fault"])
    assert set(faulty) == ALL_FAULTS
    assert faulty.total() > 0.15 * len(journal)
    lost_answers = [
        entry for entry in journal if entry["effect"] and entry["fault"] in {"http_502", "cut"}
    ]
    assert len(lost_answers) > 20, "reports that took effect, whose answers got lost"

    done = effects(wdt_sandbox)
    assert len(done) == 2000, "none is lost"
    assert set(done.values()) == {1}, "none takes effect twice"
    state = wdt_sandbox.state()
    assert state["waiting"] == 0
    assert counts["success"] + counts["failure"] == 2000
    assert counts["settled by asking"] > len(lost_answers)
    # What the platform was told is what happened in the shop.
    for good in state["goods"]:
        success = good["api_goods_id"] in shop.stock
        assert good["last_success"] is success
        assert int(good["last_syn_num"]) == good["syn_stock"]
        if success:
            assert shop.stock[good["api_goods_id"]] == good["syn_stock"]


@pytest.mark.wdt_sandbox(goods=100, faults="cut=0.3")
def test_blind_repetition_would_be_seen(wdt_sandbox: Sandbox) -> None:
    """The test above can fail: who sends reports again blindly has effects twice."""
    with client_of(wdt_sandbox) as client:
        ids = client.stock_sync.get_self_wait_sync_id_list_open(100)["id_list"]
        rows = client.stock_sync.batch_calc_stock(
            [{"api_goods_id": good, "force_sync": False} for good in ids]
        )["success_date"]
        for row in rows:
            info = wdt_proto.stock_sync.sync_info(row, success=True)
            method = "sales.StockSync.syncSuccess"
            client.call(method, row["rec_id"], info, repeat_writes=True)
    assert max(effects(wdt_sandbox).values()) > 1


@pytest.mark.wdt_sandbox(goods=40)
def test_stock_that_changes_meanwhile_is_met_again(wdt_sandbox: Sandbox) -> None:
    changed = {1001, 1011, 1040}

    class BusyShop(example.Shop):
        def set_stock(self, api_goods_id: int, quantity: object) -> None:
            super().set_stock(api_goods_id, quantity)
            if api_goods_id in changed:
                changed.remove(api_goods_id)
                wdt_sandbox.set_stock(api_goods_id, "1", "77.0000")

    shop = BusyShop(failures=0.0)
    with client_of(wdt_sandbox) as client:
        loop = example.Loop(client, shop, example.State(), count=10, settle_after=0.0)
        counts = loop.run()
    assert counts == {"success": 40, "refused": 3}
    assert set(loop.reasons) == {1001, 1011, 1040}
    state = {good["api_goods_id"]: good for good in wdt_sandbox.state()["goods"]}
    assert shop.stock == {good: row["syn_stock"] for good, row in state.items()}
    assert all(state[good]["stock_change_count"] == 2 for good in loop.reasons)
    assert set(effects(wdt_sandbox).values()) == {1}


def run_example(sandbox: Sandbox, state: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(EXAMPLE), f"--state={state}", "--count=50", *FAST, *more]
    environment = {**os.environ, **sandbox.environment()}
    return subprocess.Popen(  # noqa: S603 - our own program
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.mark.wdt_sandbox(goods=400, faults="http_502=0.05,cut=0.05,server=0.05,slow=2ms")
def test_killed_and_started_again_it_finishes(wdt_sandbox: Sandbox, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    waited_for = 40
    for kills in range(4):
        running = run_example(wdt_sandbox, state, "--settle-after=0.01")
        with running:
            while wdt_sandbox.state()["waiting"] > 400 - waited_for:
                assert running.poll() is None, "it runs until it is killed"
                time.sleep(0.01)
            running.send_signal(signal.SIGKILL)
            running.communicate()
        assert running.returncode == -signal.SIGKILL
        assert state.exists()
        assert 0 < sum(effects(wdt_sandbox).values()) < 400
        waited_for += 70 + 17 * kills

    with run_example(wdt_sandbox, state, "--settle-after=0.01") as running:
        out, err = running.communicate(timeout=300)
    assert running.returncode == 0, err.decode()
    assert "库存同步" in out.decode()
    done = effects(wdt_sandbox)
    assert len(done) == 400
    assert set(done.values()) == {1}
    assert wdt_sandbox.state()["waiting"] == 0
    assert not state.exists(), "the next run begins anew"


@pytest.mark.wdt_sandbox(goods=25)
def test_a_report_that_arrived_just_before_the_end_is_counted(
    wdt_sandbox: Sandbox, tmp_path: Path
) -> None:
    """Killed between the platform's effect and the note of it, and before the effect."""
    path = tmp_path / "state.json"
    with client_of(wdt_sandbox) as client:
        calls = client.stock_sync
        row = calls.calc_stock(1001, False)  # noqa: FBT003
        calls.sync_success(1001, wdt_proto.stock_sync.sync_info(row, success=True))
        example.State(path, 0, {1001: "success", 1002: "failure"}).save()
        state = example.State.load(path)
        counts = example.Loop(client, example.Shop(0.0), state, count=10).run()
    assert counts == {"success": 25}
    assert set(effects(wdt_sandbox).values()) == {1}


def test_without_credentials_the_example_says_which(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("WDT_")}
    environment["WDT_SID"] = "wdtapi3"
    command = [sys.executable, str(EXAMPLE), f"--state={tmp_path / 's.json'}"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert ran.returncode == 1
    assert "WDT_APPKEY, WDT_APPSECRET are not set" in ran.stderr
    assert "Traceback" not in ran.stderr
