"""Replies, credentials and addresses of other editions, as people meet them: each says so."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import wdt_proto
from conftest import TESTDATA
from scripted import READS, WRITES, scripted
from test_client_retry import READ_ARGS, WRITE_ARGS

FIELD = json.loads((TESTDATA / "field.json").read_text(encoding="utf-8"))
ENTERPRISE = '{"code":1010,"message":"签名错误"}'


def of(kind: str) -> list[Any]:
    return [
        pytest.param(case, id=case.get("name") or str(number))
        for number, case in enumerate(FIELD[kind])
    ]


def assert_says(case: dict[str, Any], error: wdt_proto.WdtError) -> None:
    assert case.get("says", "") in f"{error.text}\n{error.text_zh}"


@pytest.mark.parametrize("case", of("replies"))
def test_replies(case: dict[str, Any]) -> None:
    if case["outcome"] == "ok":
        response = wdt_proto.parse_response(case["body"])
        assert response.total == case.get("total")
        assert response.warnings == []
    elif case["outcome"] == "api_error":
        with pytest.raises(wdt_proto.ApiError) as refused:
            wdt_proto.parse_response(case["body"])
        error = refused.value
        found = (error.status, error.kind, error.retryable)
        assert found == (case["status"], case["kind"], case["retryable"])
    else:
        with pytest.raises(wdt_proto.MalformedResponseError) as malformed:
            wdt_proto.parse_response(case["body"])
        assert_says(case, malformed.value)


@pytest.mark.parametrize("case", of("credentials"))
def test_credentials(case: dict[str, Any]) -> None:
    parts = (case.get("sid", "sid"), case.get("key", "key"), case["appsecret"])
    if case["want"] != "refused":
        assert wdt_proto.Credentials(*parts).sid == parts[0]
        return
    with pytest.raises(wdt_proto.CredentialsError) as caught:
        wdt_proto.Credentials(*parts)
    assert_says(case, caught.value)
    assert parts[2].strip() not in f"{caught.value.text}{caught.value.text_zh}{caught.value!r}"


@pytest.mark.parametrize("case", of("bases"))
def test_bases(case: dict[str, Any]) -> None:
    creds = wdt_proto.Credentials("sid", "key", "secret:salt")
    signed = wdt_proto.build_request(creds, WRITES, *WRITE_ARGS)
    if "url" in case:
        assert signed.url(case["base"]) == f"{case['url']}?{signed.query}"
        return
    for refused in (signed.url, lambda base: wdt_proto.Client(creds, base)):
        with pytest.raises(wdt_proto.ValidationError) as caught:
            refused(case["base"])
        assert_says(case, caught.value)


def test_a_body_in_gbk_says_so() -> None:
    with pytest.raises(wdt_proto.MalformedResponseError) as caught:
        wdt_proto.parse_response(ENTERPRISE.encode("gbk"))
    for text in (caught.value.text, caught.value.text_zh):
        assert "GBK" in text
        assert "1010" in text


def test_a_client_tells_who_answered() -> None:
    # What reads is asked again and then shown; what writes may have arrived.
    answer = httpx.Response(200, text=ENTERPRISE)
    retry = wdt_proto.Retry(attempts=1)
    client, _ = scripted(answer, retry=retry)
    with pytest.raises(wdt_proto.MalformedResponseError) as malformed:
        client.call(READS, *READ_ARGS)
    assert "enterprise edition" in malformed.value.text
    client, _ = scripted(answer, retry=retry)
    with pytest.raises(wdt_proto.TransportError) as lost:
        client.call(WRITES, *WRITE_ARGS)
    assert "旺店通企业版" in lost.value.text_zh
    assert lost.value.fate == "unknown"
