"""`build_request` beside what people write today: `json.dumps`, `hashlib`, `urlencode`.

Both make the same bytes from the same dict, in one run; the ratio is what counts.
"""

from __future__ import annotations

import hashlib
import json
import platform
import timeit
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import wdt_proto

if TYPE_CHECKING:
    from collections.abc import Callable

SID, KEY, SECRET, SALT = "wdtapi3", "appkey", "testsecret", "testsalt"
METHOD = "sales.StockSync.syncFail"
UNIX_TIME = 1775791716
# The documented example. Plain Python sends its decimals through binary floats.
INFO = {
    "stock_syn_min": 1.0,
    "stock_syn_rule_id": -10000,
    "stock_syn_mask": 0,
    "stock_syn_warehouses": "6",
    "stock_syn_max": 550.0,
    "stock_syn_percent": 100,
    "is_auto_delisting": True,
    "stock_syn_plus": 1.0,
    "is_auto_listing": True,
    "stock_syn_rule_no": "",
    "syn_stock": 1,
    "stock_change_count": 2,
}
CREDS = wdt_proto.Credentials(SID, KEY, f"{SECRET}:{SALT}")


def plain() -> tuple[str, bytes]:
    """Build the request as users' scripts do."""
    body = json.dumps([2447, INFO], ensure_ascii=False, separators=(",", ":"))
    params = {
        "sid": SID,
        "key": KEY,
        "salt": SALT,
        "method": METHOD,
        "timestamp": str(UNIX_TIME - 1325347200),
        "v": "1.0",
    }
    signed = {**params, "body": body}
    text = SECRET + "".join(key + signed[key] for key in sorted(signed)) + SECRET
    params["sign"] = hashlib.md5(text.encode()).hexdigest()
    return urlencode(params), body.encode()


RAW = json.dumps([2447, INFO], ensure_ascii=False, separators=(",", ":")).encode()


def unchecked() -> tuple[str, bytes]:
    """Build the request with this package, validation off as in the plain version."""
    req = wdt_proto.build_request(CREDS, METHOD, 2447, INFO, unix_time=UNIX_TIME, level="off")
    return req.query, req.body


def validated() -> tuple[str, bytes]:
    """Build the same with full validation."""
    req = wdt_proto.build_request(CREDS, METHOD, 2447, INFO, unix_time=UNIX_TIME)
    return req.query, req.body


def validated_raw() -> tuple[str, bytes]:
    """Build the same from JSON that is there already, with full validation."""
    req = wdt_proto.build_request(CREDS, METHOD, raw_body=RAW, unix_time=UNIX_TIME)
    return req.query, req.body


def best_of(*functions: Callable[[], object], rounds: int = 30, number: int = 5000) -> list[float]:
    """Give each function's best time in microseconds; the rounds take turns."""
    best = [float("inf")] * len(functions)
    for _ in range(rounds):
        for at, function in enumerate(functions):
            best[at] = min(best[at], timeit.timeit(function, number=number) / number * 1e6)
    return best


def main() -> None:
    """Check that all agree, measure, print."""
    ours = {
        "build_request, validation off": (unchecked, 8),
        "build_request, validated": (validated, None),
        "build_request from raw JSON, validated": (validated_raw, 5),
    }
    if any(build() != plain() for build, _ in ours.values()):
        msg = "they do not build the same request"
        raise SystemExit(msg)
    slow, *fast = best_of(plain, *(build for build, _ in ours.values()))
    print(f"Python {platform.python_version()}, documented syncFail")
    print(f"  {'json.dumps + hashlib + urlencode':40} {slow:6.2f} µs")
    for (name, (_, target)), time in zip(ours.items(), fast, strict=True):
        aim = f" (target ≥ {target} ×)" if target else ""
        print(f"  {name:40} {time:6.2f} µs  {slow / time:5.2f} × faster{aim}")


if __name__ == "__main__":
    main()
