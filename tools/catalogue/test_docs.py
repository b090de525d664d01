"""The reference is current, complete, and survives what stands in the pages' labels."""

from __future__ import annotations

import re

import generate_docs
import model
from model import Correction, Method
from test_tools import document, field

FILES = generate_docs.files()


def page_of(method: str) -> str:
    return FILES[generate_docs.TARGET / f"{method}.md"]


def test_the_committed_pages_are_current() -> None:
    assert set(generate_docs.TARGET.glob("*.md")) == set(FILES)
    for path, text in FILES.items():
        assert path.read_text(encoding="utf-8") == text, path.name


def test_the_index_links_to_every_page_once() -> None:
    links = re.findall(r"\]\((.+?)\.md\)", FILES[generate_docs.TARGET / "index.md"])
    assert sorted(links) == [method.name for method in model.load()]


def test_every_link_leads_to_a_page() -> None:
    names = {path.name for path in FILES}
    for path, text in FILES.items():
        assert not set(re.findall(r"\]\(([^)]+\.md)\)", text)) - names, path.name


def test_every_row_has_as_many_cells_as_its_header() -> None:
    for path, text in FILES.items():
        for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
            cells = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
            assert len(cells) == 1, path.name


def test_markup_in_a_label_is_text() -> None:
    assert generate_docs.cell("a|b_c\n<d>") == "a\\|b\\_c \\<d\\>"
    page = generate_docs.page(Method(document(field("x", "int", label="1|2"))))
    assert "| 1\\|2 |" in page


def test_a_correction_is_marked_and_explained() -> None:
    page = page_of("wms.outer.OuterOut.queryWithDetail")
    assert f"`params.status` {generate_docs.MARK} |" in page
    assert f"- {generate_docs.MARK} `/params/params/status`: `type` is `string`. The length" in page


def test_a_correction_of_the_method_is_marked_at_its_facts() -> None:
    page = page_of("sales.StockSync.calcStock")
    assert f"分页: no {generate_docs.MARK}\n" in page
    assert f"- {generate_docs.MARK} The method: `paged` is `false`." in page


def test_an_added_field_is_told() -> None:
    told = generate_docs.correction(Correction("/params/p/x", {"name": "x"}, "Why.", adds=True))
    assert told == f"- {generate_docs.MARK} `/params/p/x` added. Why.\n"


def test_a_list_shows_in_the_names_of_its_fields() -> None:
    assert "`data.order[].detail_list[].rec_id`" in page_of("aftersales.refund.Refund.search")


def test_the_example_says_whose_it_is() -> None:
    assert "Made by us" in page_of("sales.StockSync.syncFail")
    assert "The vendor's; it passes" in page_of("sales.StockSync.calcStock")


def test_limits_and_tolerances_are_told() -> None:
    assert "| at most 100 rows |" in page_of("sales.TradeEdit.modifyRemark")
    assert "| at most 100 rows (advised); one of these" in page_of("sales.RawTrade.pushSelf2")
    assert "| yyyy-MM-dd; the span ends at end\\_time |" in page_of("goods.GoodsBrand.search")
    assert "时间跨度: 60 minutes\n" in page_of("sales.TradeQuery.queryWithDetail")
    assert "| empty text tolerated |" in page_of("sales.RawTrade.pushSelf2")


def test_a_reader_sees_at_once_what_a_query_does_not_do() -> None:
    page = page_of("wms.stockout.Sales.queryWithDetail")
    assert "by default / 默认: time of consigning / 发货时间\n" in page
    assert '另传 `{"status_type": 3, "status": "5,10,' in page
    assert "Instead of the span / 可代替时间条件: `stockout_no`, `src_order_no`" in page
    assert "Read from the last page to the first" in page
    assert "**Never returns rows of / 不返回以下平台的数据: 淘系" in page
    index = FILES[generate_docs.TARGET / "index.md"]
    row = next(line for line in index.splitlines() if "wms.stockout.Sales.queryWithDetail" in line)
    assert row.endswith("| consigning / 发货时间 | 淘系、拼多多、系统供销平台 |")


def test_what_is_guessed_is_called_a_guess() -> None:
    page = page_of("finance.settle.Transfer.search")
    assert "Row key / 行的唯一键: none documented" in page
    assert "Guessed, on no page / 推测，文档未载: row key / 行的唯一键: `settle_no` (" in page
    assert "documented as unique" in page_of("sales.TradeQuery.queryWithDetail")
    assert "not as unique" in page_of("aftersales.refund.Refund.search")


def test_failures_under_status_0_are_told() -> None:
    page = page_of("sales.RawTrade.pushSelf2")
    assert "Refused rows / 失败明细: `data.error_list`, `no` repeats" in page
    assert "`rawTradeList.tid`, reason / 原因 `error`." in page
    assert "texts / 文本列表." in page_of("sales.LogisticsSync.update")


def test_a_method_without_a_page_says_so() -> None:
    page = generate_docs.page(Method({**document(), "documented": False}))
    assert "nothing is checked" in page
