"""A real `sales.StockSync.syncFail` (库存同步失败), sent with the client.

Credentials and address come from WDT_SID, WDT_APPKEY, WDT_APPSECRET and WDT_BASE_URL.
"""

import sys
from decimal import Decimal

import wdt_proto
from wdt_proto import stock_sync

# What could not be set in the shop, and why.
info: stock_sync.SyncInfo = {
    "syn_stock": Decimal("1.0000"),
    "stock_change_count": 2,
    "stock_syn_rule_id": -10000,
    "stock_syn_rule_no": "",
    "stock_syn_other": "",
    "stock_syn_warehouses": "6",
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

try:
    with wdt_proto.Client.from_env() as client:
        response = client.stock_sync.sync_fail(2447, info)
except wdt_proto.WdtError as error:
    sys.exit(str(error))
print(f"accepted, data: {response.data}")
