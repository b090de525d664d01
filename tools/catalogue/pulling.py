"""What a page of the reference says about pulling rows, and about rows that a call refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsontext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model import Json

TIMES = {
    "modified": "time of change / 修改时间",
    "created": "time of creation / 创建时间",
    "consigned": "time of consigning / 发货时间",
    "paid": "time of payment / 收付时间",
    "settled": "time of settlement / 结算时间",
    "checked": "time of approval / 审核时间",
    "refund_success": "time of the refund / 退款成功时间",
}
GRADES = {
    "unique": "documented as unique / 文档注明唯一",
    "own_id": "documented as the row's own id, not as unique / 文档只称其为本单据的id，未注明唯一",
}
REQUIRED = {
    "yes": "yes / 必传",
    "no": "no / 选传",
    "conditional": "unless something stands in for it / 无替代条件时必传",
}
PRECISIONS = {"seconds": "seconds / 秒", "days": "days / 天"}
GUESSES = {
    "row_key": "row key / 行的唯一键",
    "span.filters_on": "what the span means / 时间条件的含义",
    "span.required": "whether the span is needed / 时间条件是否必传",
    "span.instead": "what stands in for the span / 可代替时间条件的参数",
    "incremental": "pulling by time / 按时间增量获取",
    "paging": "paging / 翻页方式",
}


def times(on: str) -> str:
    """Return the short name of a time in both languages, for the index."""
    return TIMES[on].replace("time of ", "")


def section(data: Json) -> list[str]:
    """Return the section about pulling rows, where the method is a query with any."""
    if not {"rows", "span"} & set(data):
        return []
    lines = [*rows(data), *span(data), *reading(data), *guesses(data)]
    return ["## Pulling rows / 拉取数据\n", "".join(f"- {line}\n" for line in lines)]


def rows(data: Json) -> Iterable[str]:
    """Tell where the rows are, what tells them apart, and which never come."""
    if "excludes" in data:
        platforms = "、".join(data["excludes"])
        yield f"**Never returns rows of / 不返回以下平台的数据: {platforms}**"
    if "rows" in data:
        yield f"Rows / 数据行: `{'.'.join(['data', data['rows']]).rstrip('.')}`"
    if "row_key" in data:
        words = f"{GRADES[data['row_key_grade']]} ({plain(data['row_key_evidence'])})"
        yield f"Row key / 行的唯一键: {names(data['row_key'])}, {words}"
    elif "rows" in data:
        yield "Row key / 行的唯一键: none documented / 文档未注明"
    if "history_of" in data:
        yield f"Archived rows of / 归档数据，当前数据见: {page_of(data['history_of'])}"


def span(data: Json) -> Iterable[str]:
    """Tell which times the query filters on, and how to make it the time of change."""
    if "span" not in data:
        return
    told = data["span"]
    meaning = TIMES.get(told.get("filters_on", ""), "not documented / 文档未注明")
    yield f"Span / 时间条件: `{told['from']}`, `{told['to']}`; by default / 默认: {meaning}"
    yield f"Needed / 是否必传: {REQUIRED[told['required']]}"
    if told.get("filters_on") != "modified":
        switch = told.get("modified_params")
        how = (
            "impossible, or not documented / 无法实现，或文档未注明"
            if switch is None
            else f"send besides / 另传 `{jsontext.dumps(switch, spaced=True)}`"
        )
        yield f"By the time of change / 按修改时间查询: {how}"
    if "row_field" in told:
        yield f"That time in a row / 行内对应的时间字段: `{told['row_field']}`"
    if "precision" in told:
        yield f"Precision / 精度: {PRECISIONS[told['precision']]}"
    if "instead" in told:
        yield f"Instead of the span / 可代替时间条件: {names(told['instead'])}"
    for more in told.get("more", []):
        ends = names([more["from"], more["to"]])
        yield f"Another span / 另一组时间: {ends}: {TIMES[more['filters_on']]}"


def reading(data: Json) -> Iterable[str]:
    """Tell how the pages are read, and what the page says of pulling by change."""
    if "paging_from_back" in data:
        yield "Read from the last page to the first, as advised / 官方建议从最后一页往前翻页"
    if "cursor" in data:
        yield "Goes on by a position among the arguments / 以参数中的位置续取，不按页号"
    if "incremental" in data:
        words = {"yes": "supported / 支持", "no": "not supported / 不支持"}[data["incremental"]]
        yield f"Pulling by change / 增量获取: {words}"


def guesses(data: Json) -> Iterable[str]:
    """Tell what is likely but on no page."""
    for name, guess in data.get("guess", {}).items():
        value = guess["value"]
        told = f"`{value}`" if isinstance(value, str) else names(value)
        what = f"{GUESSES[name]}: {told} ({plain(guess['reason'])})"
        yield f"Guessed, on no page / 推测，文档未载: {what}"


def failures(data: Json) -> list[str]:
    """Return the warning about rows that a call refuses under status 0."""
    if "failures" not in data:
        return []
    told = data["failures"]
    words = [f"`{told['list'][1:].replace('/', '.')}`"]
    if "key" in told:
        sent = told["sent"].removeprefix("/params/").replace("/", ".")
        words.append(f"`{told['key']}` repeats / 对应请求的 `{sent}`")
    if "code" in told:
        words.append(f"code / 错误码 `{told['code']}`")
    reason = f"reason / 原因 `{told['message']}`" if "message" in told else "texts / 文本列表"
    words.append(reason)
    warning = "**Status 0 does not say that every row was taken / status 为 0 不代表全部成功.**"
    return [f"{warning} Refused rows / 失败明细: {', '.join(words)}.\n"]


def names(values: list[Any]) -> str:
    """Return names as code; an empty one is the row itself."""
    return ", ".join(f"`{value}`" if value else "the row itself / 行本身" for value in values)


def plain(text: str) -> str:
    """`text` so that it is no markup."""
    for char in "\\`*_<>[]|":
        text = text.replace(char, f"\\{char}")
    return text


def page_of(method: str) -> str:
    """Return a link to the page of another method."""
    return f"[`{method}`]({method}.md)"
