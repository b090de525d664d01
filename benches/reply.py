"""A reply of 10 MB to `goods.Goods.queryWithSpec`, the same bytes on every machine.

Its fields, their types and order are the catalogue's. What a shop leaves empty is empty, prices
differ from good to good, cartons come in a few sizes, and every decimal has its four fractional
digits.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

METHOD = "goods.Goods.queryWithSpec"
CATALOGUE = Path(__file__).parents[1] / "crates" / "wdt-proto" / "catalogue"
SIZE = 10_000_000
SPECS = 3
# Digits that no binary float keeps: the price of the first good, to see who brings it through.
EXACT = "999999999999999.9999"

# What stands in a field; {n} is the number of the good, {s} that of its specification.
TEXTS = {
    "goods_no": "SP{n:06}",
    "goods_name": "男士纯棉圆领短袖T恤 {n:06}",
    "short_name": "短袖{n}",
    "brand_name": "示例品牌",
    "brand_no": "B{n:04}",
    "class_name": "服装/上衣/短袖",
    "unit_name": "件",
    "origin": "浙江杭州",
    "flag_name": "无",
    "goods_modified": "1678351{n:06}",
    "spec_no": "SP{n:06}-{s}",
    "spec_code": "C{s}",
    "barcode": "69{n:09}{s:02}",
    "spec_name": "藏青色 XL 加大加厚",
    "img_url": "cos://goods/{n:06}/{s}.jpg",
    "spec_unit_name": "件",
}
WHOLE = {
    "goods_id": "{n}",
    "spec_id": "{n}{s:02}",
    "brand_id": "{n}",
    "class_id": "7",
    "deleted": "0",
}
WHOLE |= {
    "goods_type": "1",
    "spec_count": str(SPECS),
    "spec_modified": "1683771314000",
    "is_master": "1",
}
PRICES = ("lowest_price", "retail_price", "wholesale_price", "member_price", "market_price")
REPEATED = {
    "length": (20, 30, 40, 55),
    "width": (15, 20, 30),
    "height": (5, 8, 10),
    "tax_rate": (0.13,),
}


def decimal(name: str, n: int, s: int) -> str:
    """Write a decimal with four fractional digits."""
    if (name, n, s) == ("retail_price", 1, 0):
        return EXACT
    if name in PRICES:
        # A price of its own for every specification, in steps that look like none.
        tenths_of_cents = (
            99_000 + (n * 7919 + s * 104_729 + PRICES.index(name) * 15_485_863) % 9_000_000
        )
        return f"{tenths_of_cents // 10_000}.{tenths_of_cents % 10_000:04}"
    if name == "weight":
        return f"0.{1000 + (n * 37 + s) % 9000}"
    known = REPEATED.get(name)
    return f"{known[(n + s) % len(known)]:.4f}" if known else "0.0000"


def value(field: dict[str, Any], n: int, s: int) -> str:
    """Write the JSON of one field."""
    name, kind = field["name"], field["type"]
    if kind == "list<object>":
        # A specification's one barcode is its own.
        numbers = [s] if name == "barcode_list" else range(SPECS)
        return "[" + ",".join(row(field["fields"], n, at) for at in numbers) + "]"
    if kind.startswith("decimal"):
        return decimal(name, n, s)
    if kind == "int":
        return WHOLE.get(name, "0").format(n=n, s=s)
    if kind == "bool":
        return "false"
    if kind == "datetime":
        return f'"2023-{n % 12 + 1:02}-{n % 28 + 1:02} {n % 24:02}:{n % 60:02}:{s:02}"'
    return json.dumps(TEXTS.get(name, "").format(n=n, s=s), ensure_ascii=False)


def row(fields: list[dict[str, Any]], n: int, s: int) -> str:
    """Write one object with all its fields."""
    return "{" + ",".join(f'"{field["name"]}":{value(field, n, s)}' for field in fields) + "}"


def goods(fields: list[dict[str, Any]], size: int) -> Iterator[str]:
    """Write goods until they have `size` bytes."""
    n = 0
    while size > 0:
        n += 1
        written = row(fields, n, 0)
        size -= len(written.encode()) + 1
        yield written


def reply(size: int = SIZE) -> bytes:
    """Write the whole reply."""
    method = json.loads((CATALOGUE / f"{METHOD}.json").read_text(encoding="utf-8"))
    fields = next(field for field in method["response"] if field["name"] == "data")["fields"]
    fields = next(field for field in fields if field["name"] == "goods_list")["fields"]
    rows = list(goods(fields, size))
    data = f'{{"goods_list":[{",".join(rows)}],"total_count":{len(rows)}}}'
    return f'{{"status":0,"data":{data}}}'.encode()
