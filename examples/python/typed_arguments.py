"""Arguments and a reply that a type checker knows: a misspelt key is found before it is sent."""

import wdt_proto
from wdt_proto.types import SalesStockSyncCalcStockData, SalesStockSyncSyncFailInfo

creds = wdt_proto.Credentials("wdtapi3", "appkey", "testsecret:testsalt")

# What `sales.StockSync.calcStock` (库存同步计算查询) replies; the real one has more keys.
reply = """{"status": 0, "data": {"rec_id": 2447, "syn_stock": 1, "stock_change_count": 2,
    "stock_syn_rule_id": -10000, "stock_syn_rule_no": "", "stock_syn_warehouses": "6",
    "stock_syn_mask": 0, "stock_syn_percent": 100, "stock_syn_plus": 1.0000,
    "stock_syn_min": 1.0000, "stock_syn_max": 550.0000, "is_auto_listing": true,
    "is_auto_delisting": true}}"""
stock: SalesStockSyncCalcStockData = wdt_proto.parse_response(reply).data

# What `sales.StockSync.syncFail` (库存同步失败) takes over from it, and why the shop refused.
info: SalesStockSyncSyncFailInfo = {
    "syn_stock": stock["syn_stock"],
    "stock_change_count": stock["stock_change_count"],
    "stock_syn_rule_id": stock["stock_syn_rule_id"],
    "stock_syn_rule_no": stock["stock_syn_rule_no"],
    "stock_syn_other": "",
    "stock_syn_warehouses": stock["stock_syn_warehouses"],
    "stock_syn_mask": stock["stock_syn_mask"],
    "stock_syn_percent": stock["stock_syn_percent"],
    "stock_syn_plus": stock["stock_syn_plus"],
    "stock_syn_min": stock["stock_syn_min"],
    "stock_syn_max": stock["stock_syn_max"],
    "is_auto_listing": stock["is_auto_listing"],
    "is_auto_delisting": stock["is_auto_delisting"],
    "is_syn_success": False,
    "is_manual": False,
    "syn_result": "店铺接口超时",
}
req = wdt_proto.build_request(creds, "sales.StockSync.syncFail", stock["rec_id"], info)
print(req.body.decode())
