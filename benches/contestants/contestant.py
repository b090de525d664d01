"""The Python contestants: ours, and what people use instead.

`contestant.py WHO FOLDER`; WHO is a key of CONTESTANTS. The driver, `benches/contest.py`, says what
the commands mean.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Callable

Made = tuple[str, bytes]
Tasks = dict[str, "Callable[[], Any]"]
Level = Literal["off", "documented"]

SID, KEY, SECRET, SALT = "wdtapi3", "appkey", "testsecret", "testsalt"
METHOD = "sales.StockSync.syncFail"
UNIX_TIME = 1775791716
FOLDER = Path(sys.argv[2])
RAW = (FOLDER / "raw.json").read_bytes()


def documented(number: Callable[[str], Any], stock: str | None = None) -> dict[str, Any]:
    """Give the documented example; `number` makes a float or a `Decimal` of a decimal's text."""
    return {
        "syn_stock": 1 if stock is None else number(stock),
        "stock_change_count": 2,
        "stock_syn_rule_id": -10000,
        "stock_syn_rule_no": "",
        "stock_syn_warehouses": "6",
        "stock_syn_mask": 0,
        "stock_syn_percent": 100,
        "stock_syn_plus": number("1.0000"),
        "stock_syn_min": number("1.0000"),
        "stock_syn_max": number("550.0000"),
        "is_auto_listing": True,
        "is_auto_delisting": True,
    }


def sixteen(number: Callable[[str], Any]) -> dict[str, Any]:
    """Give all sixteen fields, Chinese text among them, in the order of the documentation."""
    return {
        "syn_stock": number("1.0000"),
        "stock_change_count": number("2.0000"),
        "stock_syn_rule_id": -10000,
        "stock_syn_rule_no": "",
        "stock_syn_other": "",
        "stock_syn_warehouses": "6,12",
        "stock_syn_mask": 0,
        "stock_syn_percent": 100,
        "stock_syn_plus": number("1.0000"),
        "stock_syn_min": number("1.0000"),
        "stock_syn_max": number("550.0000"),
        "is_auto_listing": True,
        "is_auto_delisting": True,
        "is_syn_success": False,
        "is_manual": False,
        "syn_result": "平台接口限流，稍后重试",
    }


def signed(body: str) -> Made:
    """Sign as users' scripts do."""
    params = {
        "sid": SID,
        "key": KEY,
        "salt": SALT,
        "method": METHOD,
        "timestamp": str(UNIX_TIME - 1325347200),
        "v": "1.0",
    }
    all_params = {**params, "body": body}
    text = SECRET + "".join(key + all_params[key] for key in sorted(all_params)) + SECRET
    params["sign"] = hashlib.md5(text.encode()).hexdigest()
    return urlencode(params), body.encode()


def seen(data: Any, write: Callable[[Any], str]) -> str:  # noqa: ANN401
    """Say what was read: how many goods, the first price written again, the last barcode."""
    goods = data["goods_list"]
    price = goods[0]["spec_list"][0]["retail_price"]
    return f"{len(goods)}\t{write(price)}\t{goods[-1]['spec_list'][2]['barcode']}"


def objects(reply: bytes) -> Callable[[], Any]:
    """Make the objects of a reply and read nothing: what no parser can avoid.

    Dicts and lists are copied from ready ones, each decimal that differs is made once; texts, keys
    and whole numbers are there.
    """
    decimals: dict[str, Decimal] = {}
    data = json.loads(reply, parse_float=lambda text: decimals.setdefault(text, Decimal(text)))[
        "data"
    ]

    def copy(row: dict[str, Any]) -> dict[str, Any]:
        made = row.copy()
        for name in ("goods_list", "spec_list", "barcode_list"):
            if name in row:
                made[name] = [copy(inner) for inner in row[name]]
        return made

    def make() -> dict[str, Any]:
        _made = [Decimal(text) for text in decimals]
        return copy(data)

    return make


def plain() -> tuple[Tasks, Any]:
    """`json`, `hashlib`, `urlencode`; decimals are floats."""

    def build(info: dict[str, Any]) -> Made:
        return signed(json.dumps([2447, info], ensure_ascii=False, separators=(",", ":")))

    info, raw = documented(float), RAW.decode()
    reply = (FOLDER / "reply.json").read_bytes()
    tasks: Tasks = {
        "typed": lambda: build(info),
        "sixteen": lambda: build(sixteen(float)),
        "raw": lambda: signed(raw),
        "parse_float": lambda: json.loads(reply)["data"],
        "parse_decimal": lambda: json.loads(reply, parse_float=Decimal)["data"],
        "parse_objects": objects(reply),
    }
    return tasks, lambda _task, value: build(documented(float, value))


def simplejson() -> tuple[Tasks, Any]:
    """`simplejson` writes `Decimal`, which `json` does not."""
    import simplejson as library  # noqa: PLC0415

    def build(info: dict[str, Any]) -> Made:
        return signed(library.dumps([2447, info], ensure_ascii=False, separators=(",", ":")))

    info = documented(Decimal)
    tasks: Tasks = {"typed": lambda: build(info), "sixteen": lambda: build(sixteen(Decimal))}
    return tasks, lambda _task, value: build(documented(Decimal, value))


def orjson() -> tuple[Tasks, Any]:
    """`orjson`, which reads decimals as floats and has no other choice."""
    import orjson as library  # noqa: PLC0415

    reply = (FOLDER / "reply.json").read_bytes()
    return {"parse": lambda: library.loads(reply)["data"]}, None


def wdtqm() -> tuple[Tasks, Any]:
    """`wdtqm` signs for the Qimen gateway: what its `call_api` does before it sends."""
    import wdtqm as library  # noqa: PLC0415

    sdk = library.WdtQimenSDK(
        KEY, "qimensecret", "target", KEY, f"{SECRET}:{SALT}", SID, "http://127.0.0.1"
    )
    when = "2026-04-10 11:28:36"

    def build(info: dict[str, Any]) -> Made:
        wdt = {
            "datetime": when,
            "wdt_appkey": KEY,
            "wdt_salt": SALT,
            "apiGoodsId": 2447,
            "info": json.dumps(info),
        }
        wdt["wdt_sign"] = sdk.get_qimen_custom_wdt_sign(wdt, METHOD)
        params: dict[str, object] = {
            "app_key": KEY,
            "method": METHOD,
            "timestamp": when,
            "v": "2.0",
            "sign_method": "md5",
        }
        params |= {"format": "json", "target_app_key": "target", "wdt3_customer_id": SID, **wdt}
        params["sign"] = sdk.generate_qimen_signature(params)
        return "", urlencode(params).encode()

    def open_api() -> Made:
        """Ask it for a signature over the parameters of the open API."""
        params: dict[str, object] = {
            "sid": SID,
            "key": KEY,
            "salt": SALT,
            "timestamp": str(UNIX_TIME - 1325347200),
            "v": "1.0",
        }
        sign = sdk.get_qimen_custom_wdt_sign({**params, "body": RAW.decode()}, METHOD)
        return urlencode({**params, "method": METHOD, "sign": sign}), RAW

    info = documented(float)
    tasks: Tasks = {"typed": lambda: build(info), "raw": open_api}
    return tasks, lambda _task, value: build(documented(float, value))


def ours() -> tuple[Tasks, Any]:
    """Python on this project."""
    import wdt_proto  # noqa: PLC0415

    creds = wdt_proto.Credentials(SID, KEY, f"{SECRET}:{SALT}")

    def build(info: dict[str, Any], level: Level) -> Made:
        req = wdt_proto.build_request(creds, METHOD, 2447, info, unix_time=UNIX_TIME, level=level)
        return req.query, req.body

    def from_raw(level: Level) -> Made:
        req = wdt_proto.build_request(creds, METHOD, raw_body=RAW, unix_time=UNIX_TIME, level=level)
        return req.query, req.body

    # Two ways to give decimals: as users' dicts of floats, and exactly.
    floats, decimals = documented(float), documented(Decimal)
    reply = (FOLDER / "reply.json").read_bytes()
    tasks: Tasks = {
        "typed": lambda: build(decimals, "off"),
        "typed_float": lambda: build(floats, "off"),
        "sixteen": lambda: build(sixteen(Decimal), "off"),
        "valid": lambda: build(decimals, "documented"),
        "valid_float": lambda: build(floats, "documented"),
        "raw": lambda: from_raw("off"),
        "raw_valid": lambda: from_raw("documented"),
        "parse": lambda: wdt_proto.parse_response(reply).data,
    }
    levels: dict[str, Level] = {"typed": "off", "valid": "documented"}

    def with_value(task: str, value: str) -> Made:
        try:
            return build(documented(Decimal, value), levels[task])
        except wdt_proto.ValidationError as refused:
            return "!" + "; ".join(map(str, refused.issues)), b""

    return tasks, with_value


CONTESTANTS = {who.__name__: who for who in (plain, simplejson, orjson, wdtqm, ours)}


def run(call: Callable[[], object], times: int) -> int:
    """Give the time of that many calls."""
    start = time.perf_counter_ns()
    for _ in range(times):
        call()
    return time.perf_counter_ns() - start


def main() -> None:
    """Answer a line for a line."""
    tasks, with_value = CONTESTANTS[sys.argv[1]]()
    # What reads floats writes them as it would into a body.
    reads_floats = {"plain": "parse_float", "orjson": "parse"}.get(sys.argv[1])
    for line in sys.stdin:
        command, task, *rest = line.split()
        if command == "run":
            answer = str(run(tasks[task], int(rest[0])))
        elif task.startswith("parse"):
            answer = seen(tasks[task](), json.dumps if task == reads_floats else str)
        else:
            query, body = with_value(task, rest[0]) if rest else tasks[task]()
            answer = f"{query}\t{body.decode()}" if body else query
        print(answer, flush=True)


if __name__ == "__main__":
    main()
