"""The typed calls write the bytes of the signing vectors."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from conftest import cases
from wdt_proto import stock_sync

if TYPE_CHECKING:
    from collections.abc import Callable

    import wdt_proto

VECTORS = {param.values[0]["name"]: param.values[0] for param in cases("signing.json")}

INFO: stock_sync.SyncInfo = {
    "syn_stock": Decimal("1.0000"),
    "stock_change_count": Decimal("2.0000"),
    "stock_syn_rule_id": -10000,
    "stock_syn_rule_no": "",
    "stock_syn_other": "",
    "stock_syn_warehouses": "6,12",
    "stock_syn_mask": 0,
    "stock_syn_percent": 100,
    "stock_syn_plus": Decimal("1.0000"),
    "stock_syn_min": Decimal("1.0000"),
    "stock_syn_max": Decimal("550.0000"),
    "is_auto_listing": True,
    "is_auto_delisting": True,
    "is_syn_success": False,
    "is_manual": False,
    "syn_result": "平台接口限流，稍后重试",
}


@dataclass
class Info:
    """The same as a dataclass of the user's."""

    syn_stock: Decimal
    syn_result: str


CALLS: list[tuple[str, Callable[[Any, int], Any]]] = [
    (
        "syncFail, all sixteen info fields, Chinese text",
        lambda creds, now: stock_sync.sync_fail(creds, 2447, INFO, unix_time=now),
    ),
    (
        "syncSuccess",
        lambda creds, now: stock_sync.sync_success(
            creds, 2447, {**INFO, "syn_result": "同步成功"}, unix_time=now
        ),
    ),
    (
        "cancelSync, negative integer",
        lambda creds, now: stock_sync.cancel_sync(creds, 178238, -1, unix_time=now),
    ),
    (
        "calcStock, boolean argument",
        lambda creds, now: stock_sync.calc_stock(creds, 2447, False, unix_time=now),  # noqa: FBT003
    ),
    (
        "batchCalcStock, one list argument",
        lambda creds, now: stock_sync.batch_calc_stock(
            creds,
            [
                {"api_goods_id": 2447, "force_sync": False},
                {"api_goods_id": 2448, "force_sync": False},
            ],
            unix_time=now,
        ),
    ),
    (
        "getSelfWaitSyncIdListOpen",
        lambda creds, now: stock_sync.get_self_wait_sync_id_list_open(creds, 500, unix_time=now),
    ),
]


@pytest.mark.parametrize(("name", "call"), CALLS, ids=[name for name, _ in CALLS])
def test_all_six(
    creds: wdt_proto.Credentials,
    name: str,
    call: Callable[[Any, int], wdt_proto.SignedRequest],
) -> None:
    vector = VECTORS[name]
    req = call(creds, vector["unix_time"])
    assert req.body == vector["body"].encode()
    assert dict(req.query_pairs) == vector["query"]


def test_info_may_be_a_dataclass(creds: wdt_proto.Credentials) -> None:
    req = stock_sync.sync_fail(creds, 1, Info(Decimal("0.0010"), "x"), level="off")
    assert req.body == b'[1,{"syn_stock":0.0010,"syn_result":"x"}]'
