"""A real `sales.StockSync.syncFail` (库存同步失败), from arguments to a reply. Sends nothing."""

import os
import sys
from decimal import Decimal

import wdt_proto
from wdt_proto import stock_sync

# Real ones come from the environment, never from the source.
creds = wdt_proto.Credentials(
    os.environ.get("WDT_SID", "wdtapi3"),
    os.environ.get("WDT_APPKEY", "appkey"),
    os.environ.get("WDT_APPSECRET", "testsecret:testsalt"),
)
base = os.environ.get("WDT_BASE_URL", "https://erp.example")

# The body of the documentation's example.
info: stock_sync.SyncInfo = {
    "stock_syn_min": Decimal("1.0000"),
    "stock_syn_rule_id": -10000,
    "stock_syn_mask": 0,
    "stock_syn_warehouses": "6",
    "stock_syn_max": Decimal("550.0000"),
    "stock_syn_percent": 100,
    "is_auto_delisting": True,
    "stock_syn_plus": Decimal("1.0000"),
    "is_auto_listing": True,
    "stock_syn_rule_no": "",
    "syn_stock": 1,
    "stock_change_count": 2,
}
req = stock_sync.sync_fail(creds, 2447, info)

print("1. The request, ready to send with any HTTP library (nothing is sent here):")
print(f"   POST {req.url(base)}")
for name, value in req.headers.items():
    print(f"   {name}: {value}")
print(f"\n   {req.body.decode()}")

explanation = wdt_proto.explain(
    creds,
    "sales.StockSync.syncFail",
    raw_body=req.body,
    unix_time=req.timestamp + wdt_proto.EPOCH_UNIX,
)
print("\n2. What was signed; *** stands for the secret, which is never shown:")
print(f"   {explanation.canonical}")
print(f"   {explanation.length} bytes, MD5 {explanation.sign}")
if explanation.sign != req.sign:
    sys.exit("explain and build_request disagree")

print("\n3. Replies, understood:")
accepted = wdt_proto.parse_response(b'{"status":0}')
print(f"   syncFail       →  data {accepted.data}")
reply = b'{"status":0,"data":{"syn_stock":1,"stock_syn_min":1.0000,"stock_syn_max":550.0000}}'
print(f"   calcStock      →  {wdt_proto.parse_response(reply).data}")
try:
    wdt_proto.parse_response('{"status":1,"message":"验证失败"}')
except wdt_proto.ApiError as error:
    print(f"   验证失败       →  {error}")
