"""English and Chinese: each text is there in both with the same figures; the locale chooses."""

from __future__ import annotations

import ast
import copy
import dataclasses
import logging
import pickle
import re
import string
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import wdt_proto
from conftest import ROOT
from scripted import READS, WRITES, clock_error, ok, rate_limit, scripted
from wdt_proto import _native, _texts, catalogue, sandbox, stock_sync

if TYPE_CHECKING:
    from collections.abc import Callable

CREDS = wdt_proto.Credentials("wdtapi3", "appkey", "testsecret:testsalt")
METHOD = "sales.StockSync.cancelSync"
PACKAGE = Path(wdt_proto.__file__).parent
VARIABLES = ("WDT_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
# What can be read without a word of Chinese: the log's and httpx's.
HAN = re.compile(r"[\u4e00-\u9fff：（）]")
# What the platform says itself stands in both.
VENDOR = "超过每分钟最大调用频率限制"


@pytest.fixture(autouse=True)
def _no_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def figures(text: str) -> list[str]:
    # Where characters are counted, the Chinese says from where.
    return sorted(re.findall(r"\d+", text.replace("（从 0 数起）", "")))


def assert_both(english: str, chinese: str) -> None:
    english, chinese = (text.replace(VENDOR, "").strip() for text in (english, chinese))
    assert english
    assert not HAN.search(re.sub(r"[(（][^)）]*[)）]|'[^']*'|\"[^\"]*\"", "", english)), english
    assert HAN.search(chinese), chinese
    assert figures(english) == figures(chinese), (english, chinese)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LC_ALL": "en_US.UTF-8", "WDT_LANG": "zh"}, "zh"),
        ({"LC_ALL": "zh_CN.UTF-8", "WDT_LANG": "en"}, "en"),
        ({"WDT_LANG": "\udcff"}, "en"),
    ],
)
def test_the_locale_chooses(
    environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert _native.language() == language == _texts.language()


OWN = {name: text for name, text in vars(_texts).items() if isinstance(text, _texts.Text)}


@pytest.mark.parametrize("name", OWN)
def test_own_texts_hold_the_same_in_both(name: str) -> None:
    text = OWN[name]
    holders = [
        sorted(part[1:] for part in string.Formatter().parse(each) if part[1])
        for each in (text.en, text.zh)
    ]
    assert holders[0] == holders[1]
    assert re.findall(r"%[.\d]*\w", text.en) == re.findall(r"%[.\d]*\w", text.zh)
    assert figures(text.en) == figures(text.zh)
    assert HAN.search(text.zh) or text.en == text.zh
    assert not HAN.search(text.en)


def test_there_are_own_texts() -> None:
    assert len(OWN) > 15


def test_no_text_stands_outside() -> None:
    """What the package raises or logs is worded in ``_texts`` alone."""
    found = []
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_log = isinstance(node, ast.Call) and ast.unparse(node.func).startswith("logger.")
            call = node.exc if isinstance(node, ast.Raise) else node
            if not isinstance(call, ast.Call) or not (is_log or isinstance(node, ast.Raise)):
                continue
            words = (ast.Constant, ast.JoinedStr, ast.BinOp)
            if any(isinstance(arg, words) or ast.unparse(arg) == "msg" for arg in call.args):
                found.append(f"{path.name}: {ast.unparse(call)}")
    # A name that a module does not have is told in Python's own words.
    assert found == ["_lazy.py: AttributeError(msg)"]


class Holding:
    """Nothing that JSON knows."""


def itself() -> list[Any]:
    held: list[Any] = []
    held.append(held)
    return held


def calls() -> list[Callable[[], object]]:
    """Whatever the package raises, once."""
    build, now = wdt_proto.build_request, 1775791716
    query = build(CREDS, METHOD, 1, -1, unix_time=now).query
    other = wdt_proto.Credentials("wdtapi3", "appkey", "other:testsalt")
    salted = wdt_proto.Credentials("wdtapi3", "appkey", "testsecret:othersalt")

    def verify(changed: str, at: int = now, found: Any = "testsecret:testsalt") -> object:  # noqa: ANN401
        return wdt_proto.verify(changed, b"[1,-1]", lambda *_: found, at)

    def reply(body: bytes | str) -> object:
        return wdt_proto.parse_response(body)

    def failing(*answers: Any, method: str = WRITES, **options: Any) -> object:  # noqa: ANN401
        client, script = scripted(*answers, retry=wdt_proto.Retry(attempts=1), **options)
        script.answers = list(answers)
        return client.call(method, 178238, -1, level="off")

    def pages(data: object, **options: Any) -> object:  # noqa: ANN401
        client, script = scripted()
        script.always = ok(data)
        return list(client.pages(READS, {}, level="off", **options))

    row = {"is_auto_listing": "0"}
    return [
        lambda: wdt_proto.Credentials("", "k", "s:t"),
        lambda: wdt_proto.Credentials("s", "k", "st"),
        lambda: wdt_proto.Credentials("s\n", "k", "s:t"),
        lambda: wdt_proto.Credentials("s", " k", "s:t"),
        lambda: wdt_proto.Credentials("s", "k", "s：t"),
        lambda: wdt_proto.Credentials("s", "k", "0123456789abcdef" * 2),
        lambda: wdt_proto.Credentials("s", "k\udc00", "s:t"),
        lambda: wdt_proto.sign("s\udc00", {}),
        lambda: wdt_proto.Pager(0),
        lambda: wdt_proto.Pager(1, -1),
        lambda: build(CREDS, METHOD, 178238, 2147483648),
        lambda: build(CREDS, METHOD, 178238, 1.5, 3, level="strict"),
        lambda: build(CREDS, METHOD, 1, -1, unix_time=0),
        lambda: build(CREDS, METHOD, 1, -1, unix_time=1775791716000),
        lambda: build(CREDS, METHOD, 1, -1, unix_time=10**30),
        lambda: build(CREDS, "", 1),
        lambda: build(CREDS, "a\0b", 1),
        lambda: build(CREDS, "a\udc00b", 1),
        lambda: build(CREDS, METHOD, raw_body="{}"),
        lambda: build(CREDS, METHOD, raw_body="[1,"),
        lambda: build(CREDS, METHOD, 1, -1).url("erp.example"),
        lambda: build(CREDS, METHOD, 1, -1).url("http://a b"),
        lambda: build(CREDS, METHOD, 1, -1).url("http://a/openapi2"),
        lambda: build(CREDS, METHOD, 1, -1).url("http://a/router/qm"),
        lambda: build(CREDS, METHOD, 1, -1).url("http://open.wangdian.cn"),
        lambda: build(CREDS, METHOD, {1: 2}),
        lambda: build(CREDS, METHOD, {"\udc00": 2}),
        lambda: build(CREDS, METHOD, "\udc00"),
        lambda: build(CREDS, METHOD, 2**200),
        lambda: build(CREDS, METHOD, float("nan")),
        lambda: build(CREDS, METHOD, Decimal("Infinity")),
        lambda: build(CREDS, METHOD, datetime.fromisoformat("0001-01-01T00:00:00+23:00")),
        lambda: build(CREDS, METHOD, datetime.fromisoformat("2026-01-01T00:00:00.500000")),
        lambda: build(CREDS, METHOD, Holding()),
        lambda: build(CREDS, METHOD, itself()),
        lambda: build(CREDS, METHOD, "x" * 99, limits=wdt_proto.Limits(max_bytes=64)),
        lambda: build(
            CREDS, METHOD, raw_body=b'["%s"]' % (b"x" * 99), limits=wdt_proto.Limits(max_bytes=64)
        ),
        lambda: stock_sync.sync_info({}, success=True),
        lambda: stock_sync.sync_info(row, success=True),
        lambda: stock_sync.sync_info("[]", success=True),
        lambda: reply(f'{{"status":100,"message":"{VENDOR}"}}'),
        lambda: reply('{"status":2,"message":""}'),
        lambda: reply('{"status":12345,"message":"x"}'),
        lambda: reply("<html>"),
        lambda: reply(b""),
        lambda: reply("[]"),
        lambda: reply("{}"),
        lambda: reply('{"status":"x"}'),
        lambda: reply(b'{"m":"\xc7\xa9\xc3\xfb"}'),
        lambda: reply('{"code":1010,"message":"sign"}'),
        lambda: reply('{"response":{"flag":"failure","message":"x"}}'),
        lambda: reply('{"error_response":{"code":25}}'),
        lambda: reply('{"status":404,"error":"Not Found"}'),
        lambda: reply('{"status":0,"status":1}'),
        lambda: reply('{"status":0,"data":' + "9" * 5000 + "}"),
        lambda: wdt_proto.parse_response(b'{"status":0}', limits=wdt_proto.Limits(max_bytes=8)),
        lambda: verify(query + "&%"),
        lambda: verify(query.replace("v=1.0", "x=1")),
        lambda: verify(query + "&v=1.0"),
        lambda: verify(query, found=wdt_proto.UnknownSid),
        lambda: verify(query, found=None),
        lambda: verify(query.replace("v=1.0", "v=1.1")),
        lambda: verify(re.sub(r"timestamp=\d+", "timestamp=x", query)),
        lambda: verify(query, now + 121),
        lambda: verify(query, now + 8 * 3600),
        lambda: verify(build(other, METHOD, 1, -1, unix_time=now).query),
        lambda: verify(build(salted, METHOD, 1, -1, unix_time=now).query),
        lambda: failing(httpx.Response(502)),
        lambda: failing(httpx.Response(302)),
        lambda: failing(httpx.Response(200, text="<html>")),
        lambda: failing(httpx.Response(200, text="<html>"), method=READS),
        lambda: pages({"a": [1], "b": [2]}),
        lambda: pages({"a": [1]}, rows="b"),
        lambda: pages(7),
        lambda: pages([1, 2], page_size=2, calc_total=False),
        lambda: scripted()[0].pages(METHOD, 1).__next__(),
    ]


@pytest.mark.parametrize("call", [pytest.param(call, id=str(i)) for i, call in enumerate(calls())])
def test_every_exception_has_both(
    call: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(wdt_proto.WdtError) as caught:
        call()
    error = caught.value
    assert_both(error.text, error.text_zh)
    assert str(error) == error.text
    for again in (copy.copy(error), pickle.loads(pickle.dumps(error))):  # noqa: S301
        assert (again.text, again.text_zh) == (error.text, error.text_zh)
        assert repr(again) == repr(error)
        assert vars(again) == vars(error)
    for issue in getattr(error, "issues", []):
        assert_both(issue.message, issue.message_zh)
        assert str(issue) == issue.message
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert str(error) == error.text_zh
    for issue in getattr(error, "issues", []):
        assert str(issue) == issue.message_zh
    with pytest.raises(wdt_proto.WdtError) as in_chinese:
        call()
    assert in_chinese.value.text == error.text
    for name in ("kind", "code", "check", "status", "fate", "message", "retryable", "issues"):
        assert getattr(in_chinese.value, name, None) == getattr(error, name, None), name


def test_what_python_raises_itself_follows_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WDT_SANDBOX", "/no/such/file7")
    broken: list[Callable[[], object]] = [
        lambda: wdt_proto.Retry(attempts=0),
        lambda: wdt_proto.Retry(max_seconds=-1),
        lambda: wdt_proto.Retry(rest=(2, 1)),
        lambda: wdt_proto.Limiter(0),
        lambda: wdt_proto.Client(
            CREDS, "http://a", proxy="http://b", transport=httpx.HTTPTransport()
        ),
        lambda: wdt_proto.Request(METHOD, 1, raw_body="[]"),
        lambda: wdt_proto.Request(METHOD, raw_body=7),  # type: ignore[arg-type]
        lambda: wdt_proto.Request(METHOD, level="x"),  # type: ignore[arg-type]
        lambda: wdt_proto.sign("s", {7: "x"}),  # type: ignore[arg-type]
        lambda: wdt_proto.verify(
            wdt_proto.build_request(CREDS, METHOD, 1, -1).query,
            b"[1,-1]",
            lambda *_: 7,  # type: ignore[arg-type]
        ),
        sandbox.find_program,
        sandbox.Sandbox().state,
    ]
    for call in broken:
        said = []
        for language in ("en", "zh"):
            monkeypatch.setenv("WDT_LANG", language)
            with pytest.raises((TypeError, ValueError, OSError, RuntimeError)) as caught:
                call()
            said.append(str(caught.value))
        assert_both(*said)


def test_issues_and_reports() -> None:
    body = '["178238",1.5,"x"]'
    report = wdt_proto.validate(METHOD, body)
    assert {issue.severity for issue in report.issues} == {"warning", "error"}
    for issue in report.issues:
        assert_both(issue.message, issue.message_zh)
        # The native half fills them without the constructor.
        assert list(vars(issue)) == [field.name for field in dataclasses.fields(issue)]
        assert issue == dataclasses.replace(issue)
    assert_both(report.text, report.text_zh)
    assert str(report) == report.text
    assert report.text.count(" (warning)") == report.text_zh.count("（警告）") == 1
    assert repr(report).count("178238") == 1, "as before: no text twice"
    with pytest.raises(wdt_proto.ValidationError) as caught:
        wdt_proto.build_request(CREDS, METHOD, raw_body=body)
    assert str(caught.value) == report.text
    only_warnings = wdt_proto.validate(METHOD, '["178238",1]')
    assert only_warnings.ok
    assert "(warning)" not in str(only_warnings)


def test_a_report_of_more_issues_than_are_kept() -> None:
    goods: list[Any] = [[{} for _ in range(500)]]
    report = wdt_proto.validate("sales.StockSync.batchCalcStock", goods, "strict")
    assert len(report.issues) == wdt_proto.MAX_ISSUES
    assert report.text.endswith(f"… and {report.omitted} more")
    assert_both(report.text, report.text_zh)


def test_what_programs_make_themselves_has_one_text() -> None:
    issue = wdt_proto.Issue("/0", "type", "error", "mine", "label")
    assert (issue.message_zh, str(issue)) == ("mine", "mine")
    assert issue == wdt_proto.Issue("/0", "type", "error", "mine", "label", "我的")
    error = wdt_proto.ValidationError([issue], 2)
    assert (error.text, error.text_zh) == ("mine\n… and 2 more", "mine\n……还有 2 条")
    assert error.args == ([issue], 2)
    assert str(wdt_proto.Report(ok=False, issues=[issue], omitted=0)) == "mine"
    refused = wdt_proto.ApiError(7, "m", "timestamp", True)  # noqa: FBT003
    assert (refused.text, refused.text_zh) == (
        "status 7 (timestamp): m",
        "状态码 7（timestamp）：m",
    )
    assert wdt_proto.ApiError(7, "m", "timestamp", True, None, "t").text_zh == "t"  # noqa: FBT003
    assert str(wdt_proto.TransportError("reset")) == "reset"
    assert str(wdt_proto.WdtError("a")) == "a"
    assert wdt_proto.CredentialsError("a").args == ("a",)


def test_the_log(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    lines: dict[str, list[str]] = {}
    for language in ("en", "zh"):
        monkeypatch.setenv("WDT_LANG", language)
        caplog.clear()
        client, _ = scripted(clock_error(1_800_000_100.0), rate_limit(), ok(1), ok(1), limiter=2)
        with caplog.at_level(logging.DEBUG, logger="wdt_proto"):
            client.call(READS, {}, level="off")
            client.call(READS, {}, level="off")
        lines[language] = [record.getMessage() for record in caplog.records]
    assert len(lines["en"]) == len(lines["zh"]) > 4
    for english, chinese in zip(lines["en"], lines["zh"], strict=True):
        assert_both(english, chinese)


def test_literals_are_the_cores() -> None:
    sources = ROOT / "crates" / "wdt-proto" / "src"
    for name, path, alias in (
        ("IssueCode", "check/code.rs", "IssueCode"),
        ("VerifyError", "flagship/server/error.rs", "VerifyCheck"),
        ("ErrorKind", "error_kind.rs", "ErrorKind"),
    ):
        text = (sources / path).read_text(encoding="utf-8").split("&'static str {")[1]
        words = re.findall(r'=> "(\w+)"', text.split("}\n    }")[0])
        from wdt_proto import _models  # noqa: PLC0415

        assert list(getattr(_models, alias).__args__) == words, name


def test_the_same_failing_script_in_both_languages() -> None:
    script = """
import wdt_proto
try:
    wdt_proto.Request("sales.StockSync.cancelSync", 178238, 1.5)
except wdt_proto.ValidationError as error:
    print(error, error.issues[0].code, error.issues[0].pointer)
"""
    said = {}
    for locale in ("C.UTF-8", "zh_CN.UTF-8"):
        ran = subprocess.run(  # noqa: S603
            [sys.executable, "-c", script],
            env={"LC_ALL": locale, "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        said[locale] = ran.stdout.strip()
    assert said == {
        "C.UTF-8": "/1 (库存变化量): expected a whole number, found 1.5 type /1",
        "zh_CN.UTF-8": "/1（库存变化量）：应为整数，实际是 1.5 type /1",
    }


def test_methods_are_values() -> None:
    method = catalogue.method(READS)
    assert method is not None
    again = pickle.loads(pickle.dumps(method))  # noqa: S301
    assert again == method == copy.deepcopy(method)
    assert {method: 1}[again] == 1
    assert repr(method) == f'Method("{READS}")'
    assert (method.qimen_only, method.page_size_advised) == (False, method.page_size_advised)
    with pytest.raises(AttributeError):
        method.title = ""  # type: ignore[misc]
    known = catalogue.methods()
    assert any(each.qimen_only for each in known)
    assert any(each.page_size_advised for each in known)
    assert [_native.writes(each.name) for each in known] == [each.writes for each in known]
    assert _native.writes("no.such.Method")
