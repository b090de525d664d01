"""The shared vectors, stage by stage, from Python; the signature once more by hashlib."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest
import wdt_proto
from conftest import cases

if TYPE_CHECKING:
    from collections.abc import Callable


def body_of(case: dict[str, Any]) -> str:
    if case["body"] is not None:
        return str(case["body"])
    repeat = case["body_repeat"]
    return str(repeat["prefix"] + repeat["unit"] * repeat["times"] + repeat["suffix"])


@pytest.mark.parametrize("case", cases("signing.json"))
def test_signing(case: dict[str, Any]) -> None:
    secret = case["app_secret"].split(":", 1)[0]
    creds = wdt_proto.Credentials(case["sid"], case["key"], case["app_secret"])
    pager = wdt_proto.Pager(**case["pager"]) if case["pager"] else None
    body = body_of(case)
    common: dict[str, Any] = {"pager": pager, "unix_time": case["unix_time"], "raw_body": body}

    explanation = wdt_proto.explain(creds, case["method"], **common)
    if case["canonical"] is not None:
        inner = case["canonical"][len(secret) : -len(secret)]
        assert explanation.canonical == f"***{inner}***"
        assert explanation.length == len(case["canonical"].encode())
        assert hashlib.md5(case["canonical"].encode()).hexdigest() == case["sign"]  # noqa: S324
    assert explanation.sign == case["sign"]

    # Some of these bodies are no valid calls of their methods: the signature is what counts.
    req = wdt_proto.build_request(creds, case["method"], level="off", **common)
    assert req.sign == case["sign"]
    assert req.timestamp == case["timestamp"]
    assert dict(req.query_pairs) == case["query"]
    assert dict(parse_qsl(req.query, strict_parsing=True)) == case["query"]
    assert req.body == body.encode()
    assert req.headers == {"Content-Type": "application/json"}

    assert wdt_proto.sign(secret, {**case["query"], "body": body}) == case["sign"]

    def lookup(sid: str, key: str) -> str:
        assert (sid, key) == (case["sid"], case["key"])
        return str(case["app_secret"])

    call = wdt_proto.verify(req.query, req.body, lookup, case["unix_time"])
    assert (call.sid, call.key, call.method) == (case["sid"], case["key"], case["method"])
    assert (call.timestamp, call.unix_time) == (case["timestamp"], case["unix_time"])
    assert call.pager == pager
    assert call.body == body.encode()


@pytest.mark.parametrize("as_type", [str, str.encode, lambda text: bytearray(text.encode())])
@pytest.mark.parametrize("case", cases("responses.json"))
def test_responses(case: dict[str, Any], as_type: Callable[[str], Any]) -> None:
    body = as_type(case["body"])
    if case["outcome"] == "ok":
        response = wdt_proto.parse_response(body)
        if "data" in case:
            assert response.raw_data == case["data"]
        assert response.total == case.get("total")
    elif case["outcome"] == "api_error":
        with pytest.raises(wdt_proto.ApiError) as caught:
            wdt_proto.parse_response(body)
        error = caught.value
        assert error.status == case["status"]
        for field in ("kind", "retryable", "message"):
            if field in case:
                assert getattr(error, field) == case[field]
        if "data" in case:
            assert error.data == {"error_list": [1]}
    else:
        with pytest.raises(wdt_proto.MalformedResponseError) as malformed:
            wdt_proto.parse_response(body)
        assert malformed.value.body == case["body"].encode()


def test_data_keeps_every_digit() -> None:
    body = '{"status":0,"data":{"stock_syn_min":1.0000,"stock_num":999999999999999.9999,"n":-7}}'
    data = wdt_proto.parse_response(body).data
    assert {key: str(value) for key, value in data.items()} == {
        "stock_syn_min": "1.0000",
        "stock_num": "999999999999999.9999",
        "n": "-7",
    }
    assert isinstance(data["stock_num"], Decimal)
    assert isinstance(data["n"], int)
