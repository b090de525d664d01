"""The six calls of the stock-sync loop, ``sales.StockSync.*`` (库存同步).

The loop of a merchant whose shop is their own platform (自有平台):

1. ``get_self_wait_sync_id_list_open`` says which goods wait;
2. ``batch_calc_stock`` or ``calc_stock`` says what to set;
3. your code sets the stock in your shop;
4. ``sync_success``, or ``sync_fail`` with the reason; ``cancel_sync`` gives one up.

Each returns a ``SignedRequest``; ``Client.stock_sync`` has the same calls, and sends them.
``sync_info`` makes ``info`` from a calculated row. ``SyncInfo`` is the type of ``info``, ``Good``
of an argument of ``batch_calc_stock``; ``wdt_proto.types`` has them, and all others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _lazy, _native

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._models import Dataclass, Level
    from ._native import Credentials, Limits, SignedRequest
    from .types import SalesStockSyncBatchCalcStockData as BatchCalculated
    from .types import SalesStockSyncBatchCalcStockParams as Good
    from .types import SalesStockSyncCalcStockData as Calculated
    from .types import SalesStockSyncGetSelfWaitSyncIdListOpenData as WaitList
    from .types import SalesStockSyncSyncFailInfo as SyncInfo

__all__ = [
    "BatchCalculated",
    "Calculated",
    "Good",
    "SyncInfo",
    "WaitList",
    "batch_calc_stock",
    "calc_stock",
    "cancel_sync",
    "get_self_wait_sync_id_list_open",
    "sync_fail",
    "sync_info",
    "sync_success",
]

# In a module too large to be imported each time.
__getattr__ = _lazy.attributes(
    __name__,
    {
        "BatchCalculated": "types:SalesStockSyncBatchCalcStockData",
        "Calculated": "types:SalesStockSyncCalcStockData",
        "Good": "types:SalesStockSyncBatchCalcStockParams",
        "SyncInfo": "types:SalesStockSyncSyncFailInfo",
        "WaitList": "types:SalesStockSyncGetSelfWaitSyncIdListOpenData",
    },
)


def get_self_wait_sync_id_list_open(  # noqa: PLR0913 - three of them have defaults
    creds: Credentials,
    count: int,
    position: int = 0,
    *,
    unix_time: int | None = None,
    level: Level = "documented",
    limits: Limits | None = None,
) -> SignedRequest:
    """Ask which goods wait (获取自有平台货品需要同步信息).

    ``count`` is how many to return, documented as 10 to 5000; ``position`` is 0 at first, then
    the one of the reply before. The reply's data has ``id_list`` and ``position``.
    """
    method = _native.GET_SELF_WAIT_SYNC_ID_LIST_OPEN
    return _native.build_request(
        creds, method, count, position, unix_time=unix_time, level=level, limits=limits
    )


def calc_stock(  # noqa: PLR0913 - three of them have defaults
    creds: Credentials,
    api_goods_id: int,
    force_sync: bool,  # noqa: FBT001 - the vendor's second argument
    *,
    unix_time: int | None = None,
    level: Level = "documented",
    limits: Limits | None = None,
) -> SignedRequest:
    """Calculate the stock to set for one good (库存同步计算查询)."""
    method = _native.CALC_STOCK
    return _native.build_request(
        creds, method, api_goods_id, force_sync, unix_time=unix_time, level=level, limits=limits
    )


def batch_calc_stock(
    creds: Credentials,
    goods: Sequence[Good],
    *,
    unix_time: int | None = None,
    level: Level = "documented",
    limits: Limits | None = None,
) -> SignedRequest:
    """Calculate many goods at once (库存同步计算查询（批量）).

    The reply's data has ``success_date`` and ``error_date``, spelt so.
    """
    method = _native.BATCH_CALC_STOCK
    return _native.build_request(
        creds, method, list(goods), unix_time=unix_time, level=level, limits=limits
    )


def sync_success(  # noqa: PLR0913 - three of them have defaults
    creds: Credentials,
    api_goods_id: int,
    info: SyncInfo | dict[str, Any] | Dataclass,
    *,
    unix_time: int | None = None,
    level: Level = "documented",
    limits: Limits | None = None,
) -> SignedRequest:
    """Report that the shop took the stock (库存同步成功). ``info`` is a dict or a dataclass."""
    method = _native.SYNC_SUCCESS
    return _native.build_request(
        creds, method, api_goods_id, info, unix_time=unix_time, level=level, limits=limits
    )


def sync_fail(  # noqa: PLR0913 - three of them have defaults
    creds: Credentials,
    api_goods_id: int,
    info: SyncInfo | dict[str, Any] | Dataclass,
    *,
    unix_time: int | None = None,
    level: Level = "documented",
    limits: Limits | None = None,
) -> SignedRequest:
    """Report that the shop did not take the stock (库存同步失败).

    ``info`` is a dict or a dataclass; its ``syn_result`` is the reason.
    """
    method = _native.SYNC_FAIL
    return _native.build_request(
        creds, method, api_goods_id, info, unix_time=unix_time, level=level, limits=limits
    )


def cancel_sync(  # noqa: PLR0913 - three of them have defaults
    creds: Credentials,
    api_goods_id: int,
    stock_change_count: int,
    *,
    unix_time: int | None = None,
    level: Level = "documented",
    limits: Limits | None = None,
) -> SignedRequest:
    """Give up the synchronisation that is under way for a good (取消当前同步)."""
    method = _native.CANCEL_SYNC
    args = (api_goods_id, stock_change_count)
    return _native.build_request(
        creds, method, *args, unix_time=unix_time, level=level, limits=limits
    )


def sync_info(calculated: Mapping[str, Any] | str, *, success: bool, result: str = "") -> SyncInfo:
    """Make the ``info`` of a report from what ``calc_stock`` or ``batch_calc_stock`` returned.

    ``calculated`` is ``data``, or a row of it, or its JSON (``Response.raw_data``). The fields
    that a report has are carried over to the last digit; added are whether the shop took the
    stock, and the ``result``: of a failure, the reason. A flag is ``True``, ``False``, 1 or 0.

    Raises ``ValidationError`` for a field that is missing or of another type: ``"0"`` is no flag.
    """
    given = calculated if isinstance(calculated, str) else dict(calculated)
    info: SyncInfo = _native.sync_info(given, success, result)
    return info


def wait_list(data: Any, position: int) -> WaitList:  # noqa: ANN401 - JSON is of any type
    """Complete the data of ``get_self_wait_sync_id_list_open``: what they lack is empty."""
    given = data or {}
    ids = given.get("id_list") or []
    return {"id_list": ids, "position": given.get("position", position)}
