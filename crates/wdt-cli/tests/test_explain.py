"""Runs the real `wdt explain` on requests that plain json and hashlib made, rightly and wrongly.

Nothing of the project signs here: what `explain` says is held against another implementation.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]
WDT = Path(os.environ.get("WDT_BIN", ROOT / "target/debug/wdt"))
SID, KEY = "wdtapi3", "wdt_test"
SECRET, SALT = "marker7f3a9c51d0secret", "a1b2+c3:d4"
EPOCH = 1325347200
SYNC_FAIL = "sales.StockSync.syncFail"
INFO: dict[str, Any] = {
    "syn_stock": 12.5,
    "stock_change_count": 2,
    "stock_syn_rule_id": -10000,
    "stock_syn_rule_no": "",
    "stock_syn_other": "a/b <c> & 'd'",
    "stock_syn_warehouses": "6",
    "stock_syn_mask": 0,
    "stock_syn_percent": 100,
    "stock_syn_plus": 1.0,
    "stock_syn_min": 1.0,
    "stock_syn_max": 550.0,
    "is_auto_listing": True,
    "is_auto_delisting": True,
    "is_syn_success": False,
    "is_manual": False,
    "syn_result": "平台接口限流，稍后重试",
}
ARGUMENTS = [2447, INFO]
COMPACT = (",", ":")
RAW = json.dumps(ARGUMENTS, ensure_ascii=False, separators=COMPACT)
BOM = "\ufeff"


def md5(text: str | bytes) -> str:
    data = text if isinstance(text, bytes) else text.encode()
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def sign(params: dict[str, str], secret: str = SECRET) -> str:
    """Sign as the platform documents it."""
    return md5(secret + "".join(k + params[k] for k in sorted(params)) + secret)


@dataclass
class Call:
    """A request as it is sent: the query's parameters and the body."""

    params: dict[str, str] = field(default_factory=dict)
    body: str | bytes = RAW

    @classmethod
    def to(cls, method: str = SYNC_FAIL, body: str | bytes = RAW, **params: str) -> Call:
        common = {"sid": SID, "key": KEY, "salt": SALT, "method": method, "v": "1.0"}
        common["timestamp"] = str(int(time.time()) - EPOCH)
        return cls({**common, **params}, body)

    def signed(self, secret: str = SECRET, /, **changes: str | None) -> Call:
        """Sign the parameters and the body, changed (or, by None, left out) as named."""
        query = {k: v for k, v in self.params.items() if k != "sign"}
        pairs: dict[str, str | None] = {**query, "body": str(self.body), **changes}
        return self.with_sign(sign({k: v for k, v in pairs.items() if v is not None}, secret))

    def with_sign(self, value: str) -> Call:
        return Call({**self.params, "sign": value}, self.body)

    def sent(self, *without: str, body: str | bytes | None = None, **changes: str) -> Call:
        """The call as something on the way left it."""
        kept = {k: v for k, v in self.params.items() if k not in without}
        return Call({**kept, **changes}, self.body if body is None else body)

    @property
    def url(self) -> str:
        return "http://erp.example/openapi?" + urlencode(self.params, quote_via=quote, safe="")


def explain(
    call: Call | str, *options: str, app_secret: str = f"{SECRET}:{SALT}"
) -> dict[str, Any]:
    """What `wdt explain --json` says; what it says to people is looked at on the way."""
    url, body = (call, RAW) if isinstance(call, str) else (call.url, call.body)
    environment = {
        "PATH": os.environ["PATH"],
        "WDT_SID": SID,
        "WDT_APPKEY": KEY,
        "WDT_APPSECRET": app_secret,
    }
    secret = app_secret.split(":", maxsplit=1)[0]

    def run(*more: str, language: str = "en") -> tuple[str, int]:
        done = subprocess.run(  # noqa: S603 - our own program
            [WDT, "explain", url, "-", *options, *more],
            input=body if isinstance(body, bytes) else body.encode(),
            capture_output=True,
            env=environment | {"WDT_LANG": language},
            check=False,
        )
        said = done.stdout.decode() + done.stderr.decode()
        assert secret not in said
        assert done.returncode in {0, 1}, said
        return said, done.returncode

    said, exit_code = run()
    document, same_exit_code = run("--json")
    found: dict[str, Any] = json.loads(document)
    assert exit_code == same_exit_code == (0 if found["ok"] else 1)
    for mistake in found["mistakes"]:
        for key in ("what", "fix", "detail"):
            assert mistake[key] in said
    if found["mistakes"]:
        in_chinese, _ = run(language="zh")
        for mistake in found["mistakes"]:
            assert_both_languages(mistake)
            for key in ("what_zh", "fix_zh", "detail_zh"):
                assert mistake[key] in in_chinese
    return found


NUMBERS = re.compile(r"\d+")


def assert_both_languages(mistake: dict[str, Any]) -> None:
    """Each text is there twice, the second time in Chinese, with the same figures."""
    for key in ("what", "fix"):
        chinese = mistake[f"{key}_zh"]
        assert re.search("[\u4e00-\u9fff]", chinese), mistake
        assert figures(mistake[key]) == figures(chinese), mistake
    assert figures(mistake["detail"]) == figures(mistake["detail_zh"]), mistake
    assert mistake["chinese"] == f"{mistake['what_zh']}；{mistake['fix_zh']}"


def figures(text: str) -> list[str]:
    return sorted(NUMBERS.findall(text))


def codes(found: dict[str, Any]) -> list[str]:
    return [mistake["code"] for mistake in found["mistakes"]]


def assert_named(found: dict[str, Any], *expected: str) -> None:
    """These mistakes are named, in this order, and no other."""
    assert codes(found) == list(expected), found
    assert not found["ok"]
    assert found["verdict"]
    assert found["verdict_chinese"]


def changes(found: dict[str, Any]) -> set[str]:
    return {change for mistake in found["mistakes"] for change in mistake["changes"]}


# The seven that everybody makes.

SORTED = json.dumps(ARGUMENTS, sort_keys=True, ensure_ascii=False, separators=COMPACT)
INTEGERS = RAW.replace(":1.0,", ":1,").replace(":550.0,", ":550,")
FIXED = RAW.replace(":12.5,", ":12.5000,").replace(".0,", ".0000,")
ASCII = json.dumps(ARGUMENTS, separators=COMPACT)
HTML = RAW.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@pytest.mark.parametrize(
    ("signed", "sent", "expected"),
    [
        # Sign json.dumps(x), send requests' json=x, and the other way round.
        (json.dumps(ARGUMENTS), RAW, {"spaces", "escapes"}),
        (RAW, json.dumps(ARGUMENTS), {"spaces", "escapes"}),
        (json.dumps(ARGUMENTS, ensure_ascii=False), RAW, {"spaces"}),
        (json.dumps(ARGUMENTS, ensure_ascii=False, indent=2), RAW, {"spaces"}),
        (RAW, json.dumps(ARGUMENTS, ensure_ascii=False, indent=4), {"spaces"}),
        (ASCII, RAW, {"escapes"}),
        (RAW, ASCII, {"escapes"}),
        (RAW.replace("/", "\\/"), RAW, {"escapes"}),
        (ASCII.replace("/", "\\/"), RAW, {"escapes"}),  # PHP
        (HTML, RAW, {"escapes"}),  # Go
        (SORTED, RAW, {"key_order"}),
        (RAW, SORTED, {"key_order"}),  # the documented order is found again
        (json.dumps(ARGUMENTS, sort_keys=True), RAW, {"spaces", "escapes", "key_order"}),
        (RAW, FIXED, {"numbers"}),
        (FIXED, RAW, {"numbers"}),
        (INTEGERS, RAW, {"numbers"}),  # JavaScript
        (RAW + "\n", RAW, {"trailing_newline"}),
        (RAW, RAW + "\n", {"trailing_newline"}),
        (RAW, RAW + "\r\n", {"trailing_newline"}),
        (BOM + RAW, RAW, {"byte_order_mark"}),
        (RAW, BOM + RAW, {"byte_order_mark"}),
        (json.dumps(ARGUMENTS), RAW + "\n", {"spaces", "escapes", "trailing_newline"}),
        (
            json.dumps(ARGUMENTS, sort_keys=True, indent=4) + "\n",
            RAW,
            {"spaces", "escapes", "key_order", "trailing_newline"},
        ),
        (
            json.dumps(json.loads(SORTED), indent=2).replace("/", "\\/"),
            FIXED,
            {"spaces", "escapes", "key_order", "numbers"},
        ),
    ],
)
def test_body_reserialised(signed: str, sent: str, expected: set[str]) -> None:
    assert signed != sent
    call = Call.to().signed(body=signed).sent(body=sent)
    found = explain(call)
    # A byte order mark is not JSON, which the check of the arguments says as well.
    assert_named(found, "body_reserialised", *(["arguments"] if sent.startswith(BOM) else []))
    assert changes(found) == expected
    assert found["mistakes"][0]["basis"] == "recomputed"
    assert found["signed_instead"]["body"] == signed
    assert found["sign"]["expected"] == call.signed().params["sign"] != call.params["sign"]


@pytest.mark.parametrize("option", [(), ("--now",)])
def test_utc_epoch(option: tuple[str, ...]) -> None:
    now = int(time.time())
    call = Call.to(timestamp=str(now - 1325376000)).signed()
    found = explain(call, *option, *([str(now)] if option else []))
    assert found["signature"] == "matches"
    assert_named(found, "utc_epoch")


def test_raw_unix_time() -> None:
    now = int(time.time())
    assert_named(explain(Call.to(timestamp=str(now)).signed()), "unix_time")
    assert_named(explain(Call.to(timestamp=str(now - 86400 * 200)).signed()), "unix_time")


def test_secret_with_the_salt_still_on() -> None:
    found = explain(Call.to().signed(f"{SECRET}:{SALT}"))
    assert_named(found, "secret_with_salt")
    more = found["signed_instead"]["bytes"] - found["canonical"]["bytes"]
    assert more == 2 * len(f":{SALT}")


def test_upper_case() -> None:
    call = Call.to().signed()
    assert_named(explain(call.with_sign(call.params["sign"].upper())), "upper_case")


def test_body_missing_from_the_signature() -> None:
    assert_named(explain(Call.to().signed(body=None)), "body_not_signed")


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: quote(text, safe=""),
        quote_plus,
        lambda text: quote(text, safe="-._~!'()*"),
        lambda text: quote(text, safe="").replace("%2B", "%2b").replace("%3A", "%3a"),
    ],
)
def test_url_encoded_values(encode: Callable[[str], str]) -> None:
    call = Call.to()
    encoded: dict[str, str | None] = {key: encode(value) for key, value in call.params.items()}
    assert_named(explain(call.signed(**encoded)), "url_encoded")


@pytest.mark.parametrize("body", [quote(RAW), quote(RAW, safe=""), quote_plus(RAW)])
def test_url_encoded_body(body: str) -> None:
    assert_named(explain(Call.to().signed(body=body)), "url_encoded")


def test_arguments_as_an_object() -> None:
    named = json.dumps({"apiGoodsId": 2447, "info": INFO}, ensure_ascii=False)
    # Signed and sent: the signature is right, the call is not.
    found = explain(Call.to(body=named).signed())
    assert found["signature"] == "matches"
    assert_named(found, "arguments_object")
    # Signed as an object and sent as an array, and the other way round.
    compact = json.dumps(json.loads(named), ensure_ascii=False, separators=COMPACT)
    for signed in (named, compact):
        found = explain(Call.to().signed(body=signed))
        assert_named(found, "arguments_object")
        assert found["mistakes"][0]["basis"] == "recomputed"
    found = explain(Call.to(body=compact).signed(body=RAW))
    assert_named(found, "arguments_object")
    assert found["mistakes"][0]["basis"] == "recomputed"


# More of them.

Pairs = list[tuple[str, str]]


def enterprise(pairs: Pairs) -> str:
    """The algorithm of another product of the same vendor."""
    return ";".join(f"{len(k):02d}-{k}:{len(v):04d}-{v}" for k, v in sorted(pairs)) + SECRET


def qimen(pairs: Pairs) -> str:
    query = [pair for pair in pairs if pair[0] != "body"]
    return SECRET + "".join(k + v for k, v in sorted(query)) + RAW + SECRET


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        (lambda p: SECRET + "".join(k + v for k, v in p) + SECRET, "not_sorted"),
        (lambda p: SECRET + "".join(k + v for k, v in sorted(p)[::-1]) + SECRET, "not_sorted"),
        (lambda p: SECRET + "&".join(f"{k}={v}" for k, v in sorted(p)) + SECRET, "separators"),
        (lambda p: SECRET + "".join(f"{k}={v}" for k, v in sorted(p)) + SECRET, "separators"),
        (lambda p: SECRET + "&".join(f"{k}={v}" for k, v in p) + SECRET, "separators"),
        (lambda p: SECRET + "".join(k + v for k, v in sorted(p)), "secret_one_end"),
        (lambda p: "".join(k + v for k, v in sorted(p)) + SECRET, "secret_one_end"),
        (lambda p: "".join(k + v for k, v in sorted(p)), "secret_missing"),
        (lambda p: SECRET + "".join(v for _, v in sorted(p)) + SECRET, "keys_not_signed"),
        (lambda p: "".join((SECRET + "".join(map("".join, sorted(p))) + SECRET).split()), "blanks"),
        (qimen, "body_key_missing"),
        (enterprise, "enterprise_algorithm"),
    ],
)
def test_layouts(canonical: Callable[[Pairs], str], expected: str) -> None:
    call = Call.to()
    pairs = [*call.params.items(), ("body", RAW)]
    found = explain(call.with_sign(md5(canonical(pairs))))
    assert_named(found, "blanks_removed" if expected == "blanks" else expected)


def test_salt_missing_from_the_query() -> None:
    assert_named(explain(Call.to().signed().sent("salt")), "salt_missing")
    found = explain(Call.to().sent("salt").signed())
    assert found["signature"] == "matches"
    assert_named(found, "salt_missing")


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        (SALT, "secret_is_salt"),
        (f"{SECRET}:a1b2+c3", "secret_split_wrong"),
        (f"{SECRET}\n", "secret_whitespace"),
        (SECRET.upper(), "secret_case"),
        (KEY, "secret_is_key"),
        (SECRET + SALT, "secret_with_salt"),
    ],
)
def test_secrets(secret: str, expected: str) -> None:
    assert_named(explain(Call.to().signed(secret)), expected)


PAGING = {"page_size": "50", "page_no": "3", "calc_total": "1"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (dict.fromkeys(PAGING), "parameter_not_signed"),
        ({"calc_total": None}, "parameter_not_signed"),
        ({"salt": None}, "parameter_not_signed"),
        ({"calc_total": "true"}, "parameter_differs"),
        ({"page_no": "0"}, "parameter_differs"),
        ({"page_no": "2"}, "parameter_differs"),
        ({"v": "1"}, "parameter_differs"),
        ({"sign": ""}, "sign_signed"),
        ({"appsecret": f"{SECRET}:{SALT}"}, "secret_signed_as_parameter"),
    ],
)
def test_parameters(changes: dict[str, str | None], expected: str) -> None:
    call = Call.to("goods.Goods.queryWithSpec", '[{"goods_no":"A1"}]', **PAGING)
    assert_named(explain(call.signed(**changes)), expected)


def test_a_parameter_that_is_signed_and_not_sent() -> None:
    assert_named(explain(Call.to().signed().sent("v")), "parameter_not_sent", "missing_parameter")


@pytest.mark.parametrize("by", [-1, 2, -28800, EPOCH])
def test_the_clock_was_read_twice(by: int) -> None:
    call = Call.to()
    other = str(int(call.params["timestamp"]) + by)
    assert_named(explain(call.signed(timestamp=other)), "parameter_differs")


def test_charsets() -> None:
    call = Call.to()
    pairs = sorted([*call.params.items(), ("body", RAW)])
    canonical = SECRET + "".join(k + v for k, v in pairs) + SECRET
    for data in (
        canonical.encode("gbk"),
        canonical.encode("latin-1", "replace"),
        canonical.encode().decode("latin-1").encode(),
    ):
        assert_named(explain(call.with_sign(md5(data))), "charset")


def test_a_large_body() -> None:
    rows = [{"goods_no": f"A{number}", "num": 1.5, "remark": "中文"} for number in range(5_000)]
    body = json.dumps([rows], ensure_ascii=False)
    call = Call.to("some.Method.ofTheirs", body)
    ascii_body = json.dumps([rows], separators=COMPACT)
    assert_named(explain(call.signed(body=ascii_body)), "body_reserialised")
    found = explain(call.signed(f"{SECRET}:{SALT}", body=None))
    assert_named(found, "body_not_signed", "secret_with_salt")


def test_a_body_sent_in_gbk() -> None:
    found = explain(Call.to().signed().sent(body=RAW.encode("gbk")))
    assert_named(found, "charset", "arguments")
    assert found["arguments"]["issues"][0]["code"] == "not_json"


@pytest.mark.parametrize("signed", ["", "[]", "{}", json.dumps(RAW), f"[{RAW}]"])
def test_bodies_of_another_kind(signed: str) -> None:
    assert_named(explain(Call.to().signed(body=signed)), "body_replaced")


def test_a_body_serialised_twice_on_the_way() -> None:
    found = explain(Call.to().signed().sent(body=json.dumps(RAW)))
    assert codes(found)[0] == "body_replaced"


def test_query_encodings() -> None:
    call = Call.to().signed()
    assert_named(explain(call.url.replace("%2B", "+")), "plus_not_encoded", "salt_differs")
    twice = call.sent(salt=quote(SALT, safe=""))
    assert_named(explain(twice), "query_encoded_twice", "salt_differs")


def test_other_digests() -> None:
    call = Call.to().signed()
    whole = call.params["sign"]
    based = base64.b64encode(bytes.fromhex(whole)).decode()
    for other, expected in [
        (whole[8:24], ["short_md5"]),
        (based, ["sign_form"]),
        (hashlib.sha256(RAW.encode()).hexdigest(), ["sign_form"]),
    ]:
        assert_named(explain(call.with_sign(other)), *expected)


@pytest.mark.parametrize(
    ("changes", "secret", "expected"),
    [
        ({"body": None}, f"{SECRET}:{SALT}", ["body_not_signed", "secret_with_salt"]),
        (
            {"body": json.dumps(ARGUMENTS)},
            f"{SECRET}:{SALT}",
            ["body_reserialised", "secret_with_salt"],
        ),
        (
            {"body": json.dumps(ARGUMENTS), "salt": None},
            SECRET,
            ["parameter_not_signed", "body_reserialised"],
        ),
        ({"salt": quote(SALT, safe=""), "body": None}, SECRET, ["body_not_signed", "url_encoded"]),
    ],
)
def test_two_at_once(changes: dict[str, str | None], secret: str, expected: list[str]) -> None:
    call = Call.to().signed(secret, **changes)
    assert_named(explain(call), *expected)
    upper = call.with_sign(call.params["sign"].upper())
    assert_named(explain(upper), *expected, "upper_case")


def test_one_of_the_signature_and_one_of_the_clock() -> None:
    now = int(time.time())
    call = Call.to(timestamp=str(now - 1325376000)).signed(f"{SECRET}:{SALT}")
    assert_named(explain(call), "secret_with_salt", "utc_epoch")


def test_a_body_that_only_the_caller_knows(tmp_path: Path) -> None:
    call = Call.to().signed(body='[2447,{"syn_stock":7}]')
    assert codes(explain(call)) == []
    signed = tmp_path / "signed.json"
    signed.write_text('[2447,{"syn_stock":7}]')
    assert_named(explain(call, "--signed-body", f"@{signed}"), "body_reserialised")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (Call.to(v="2.0").signed(), ["wrong_version"]),
        (Call.to(sid="other").signed(), ["other_credentials"]),
        (Call.to(page_no="1").signed(), ["paging"]),
        (Call.to(page_size="0").signed(), ["paging"]),
        (Call.to("goods.Goods.queryWithSpec", "[{}]").signed(), ["paging_missing"]),
        (Call.to(timestamp="2026-04-10 11:28:36").signed(), ["malformed_timestamp"]),
        (Call.to(timestamp=str(int(time.time() * 1000))).signed(), ["milliseconds"]),
        (Call.to(), ["sign_missing"]),
        ("sid=%zz&v=1.0", ["malformed_query"]),
        (Call.to().signed().url + "&v=1.0", ["duplicate_parameter"]),
        (Call.to(salt=f"{SECRET}:{SALT}").signed(), ["secret_leaked", "salt_differs"]),
        (Call.to(salt="d4").signed(), ["salt_differs"]),
        (Call.to(body=RAW.replace("2447", "1.5")).signed(), ["arguments"]),
    ],
)
def test_structure(call: Call | str, expected: list[str]) -> None:
    assert_named(explain(call), *expected)


@pytest.mark.parametrize(
    ("by", "expected"),
    [(-7200, "time_zone"), (28800, "time_zone"), (-1000, "stale_timestamp"), (300, None)],
)
def test_other_clocks(by: int, expected: str | None) -> None:
    now = 1_775_791_716
    call = Call.to(timestamp=str(now - EPOCH + by)).signed()
    assert_named(explain(call, "--now", str(now)), expected or "stale_timestamp")


# No false verdict.


def test_the_age_of_a_captured_request_is_no_mistake() -> None:
    found = explain(Call.to(timestamp=str(1_775_791_716 - EPOCH)).signed())
    assert found["ok"]
    assert found["notes"]


def test_odd_paging_is_noted_and_no_mistake() -> None:
    plain = explain(Call.to(**PAGING).signed())
    large = explain(
        Call.to("wms.StockSpec.search2", "[{}]", **PAGING | {"page_size": "1001"}).signed()
    )
    for found, note in ((plain, "not documented as paged"), (large, "at most 1000")):
        assert any(line.startswith("page_size: ") and note in line for line in found["notes"])
        assert len(found["notes"]) == len(found["notes_zh"])
        assert "paging" not in codes(found)


def test_a_vector_matches() -> None:
    params = {"sid": SID, "key": KEY, "salt": "testsalt", "v": "1.0", "timestamp": "450444516"}
    params |= {"method": "system.Core.now", "sign": "c9053525ed8fc05e3263c8d7210060ca"}
    found = explain(Call(params, "[]"), app_secret="testsecret:testsalt")
    assert found["ok"]
    assert found["signature"] == "matches"


def test_a_wrong_secret_is_not_explained() -> None:
    found = explain(Call.to().signed("0123456789abcdef"))
    assert codes(found) == []
    assert not found["ok"]
    assert found["signature"] == "differs"
    assert found["signed_instead"] is None
    assert found["search"]["tried"] > 1_000
    assert found["search"]["complete"]


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=12)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts.filter(lambda text: all(ord(c) < 1 << 16 for c in text))
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"\A[a-z]{1,6}\Z"), inner)
    ),
    max_leaves=8,
)


@given(
    arguments=st.lists(values, max_size=3),
    separators=st.sampled_from([(",", ":"), (", ", ": "), (",\n", ": ")]),
    ascii_only=st.booleans(),
    extra=st.dictionaries(st.from_regex(r"\Ax_[a-z]{1,6}\Z"), texts, max_size=2),
    age=st.integers(-100, 100),
)
@settings(max_examples=150, deadline=None)
def test_right_requests_are_right(
    *,
    arguments: list[Any],
    separators: tuple[str, str],
    ascii_only: bool,
    extra: dict[str, str],
    age: int,
) -> None:
    now = 1_775_791_716
    body = json.dumps(arguments, separators=separators, ensure_ascii=ascii_only)
    call = Call.to("some.Method.ofTheirs", body, timestamp=str(now - EPOCH + age), **extra)
    found = explain(call.signed(), "--now", str(now))
    assert found["signature"] == "matches"
    assert found["ok"], found["mistakes"]
    assert found["mistakes"] == []
