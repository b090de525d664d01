"""A request that is built once and signed as often as it is sent."""

from __future__ import annotations

import pytest
import wdt_proto
from conftest import cases
from scripted import BASE, WRITES, FakeClock, bad_gateway, ok, scripted
from test_vectors import body_of
from wdt_proto import _exchange, _native
from wdt_proto._http import Address

METHOD = "sales.StockSync.cancelSync"


@pytest.mark.parametrize("case", cases("signing.json"))
def test_signing_twice_is_what_build_request_does_once(case: dict[str, object]) -> None:
    creds = wdt_proto.Credentials("wdtapi3", "appkey", "testsecret:testsalt")
    body, method = body_of(case), str(case["method"])
    request = wdt_proto.Request(method, raw_body=body, level="off")
    for unix_time in (1775791718, 1775791719):
        short = wdt_proto.build_request(
            creds, method, raw_body=body, level="off", unix_time=unix_time
        )
        signed = request.sign(creds, unix_time)
        assert (signed.query, signed.body) == (short.query, short.body)
    assert request.body == body.encode()


def test_a_request_says_what_it_holds(creds: wdt_proto.Credentials) -> None:
    pager = wdt_proto.Pager(50, 2)
    request = wdt_proto.Request("no.such.Method.yet", {"a": 1}, pager=pager)
    assert (request.method, request.pager, request.body) == (
        "no.such.Method.yet",
        pager,
        b'[{"a":1}]',
    )
    assert [issue.code for issue in request.warnings] == ["unknown_method"]
    signed = request.sign(creds)
    assert signed.warnings == request.warnings
    assert dict(signed.query_pairs)["page_no"] == "2"
    assert repr(request) == 'Request("no.such.Method.yet", body=<9 bytes>)'
    assert wdt_proto.Request(METHOD, 1, -1).pager is None


def test_a_request_refuses_as_build_request_does(creds: wdt_proto.Credentials) -> None:
    with pytest.raises(wdt_proto.ValidationError) as built:
        wdt_proto.build_request(creds, METHOD, 178238, 1.5)
    with pytest.raises(wdt_proto.ValidationError) as made:
        wdt_proto.Request(METHOD, 178238, 1.5)
    assert made.value.issues == built.value.issues
    with pytest.raises(wdt_proto.ValidationError, match="the limit"):
        wdt_proto.Request(METHOD, "x" * 99, limits=wdt_proto.Limits(max_bytes=50))
    with pytest.raises(TypeError, match="either"):
        wdt_proto.Request(METHOD, 1, raw_body=b"[]")
    with pytest.raises(ValueError, match="strict"):
        wdt_proto.Request(METHOD, 1, level="loose")  # type: ignore[arg-type]


@pytest.mark.parametrize("unix_time", [1775791716000, 10**12, 10**13 - 1])
def test_milliseconds_are_refused(creds: wdt_proto.Credentials, unix_time: int) -> None:
    with pytest.raises(wdt_proto.ValidationError, match="milliseconds") as caught:
        wdt_proto.Request(METHOD, 1, -1).sign(creds, unix_time)
    (issue,) = caught.value.issues
    assert (issue.label, issue.code, issue.pointer) == ("unix_time", "out_of_range", "")
    assert str(unix_time) in issue.message_zh
    with pytest.raises(wdt_proto.ValidationError, match="milliseconds"):
        wdt_proto.build_request(creds, METHOD, 1, -1, unix_time=unix_time)


def test_a_call_is_built_once_however_often_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[wdt_proto.Request] = []

    def build(*args: object, **options: object) -> wdt_proto.Request:
        built.append(wdt_proto.Request(*args, **options))  # type: ignore[arg-type]
        return built[-1]

    monkeypatch.setattr(_exchange, "Request", build)
    client, script = scripted(
        bad_gateway(), bad_gateway(), ok(7), retry=wdt_proto.Retry(first_delay=10)
    )
    assert client.call(WRITES, 178238, -1, repeat_writes=True).data == 7
    assert len(built) == 1
    assert len({call.unix_time for call in script.calls}) == len(script.calls) == 3
    assert {call.body for call in script.calls} == {b"[178238,-1]"}


def test_a_client_asks_no_clock_but_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device whose clock was never set has to be able to make a client, and to learn the time."""
    client, _ = scripted(clock=FakeClock(now=0.0))
    assert repr(client).startswith(f"Client('{BASE}'")
    monkeypatch.delattr("time.time")
    assert str(Address.of("https://erp.example").url) == "https://erp.example/openapi"


def test_an_address_error_names_the_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _native.endpoint("http://a/wdt/", "x") == "http://a/wdt/openapi"
    creds = wdt_proto.Credentials("wdtapi3", "appkey", "testsecret:testsalt")
    with pytest.raises(wdt_proto.ValidationError, match=r"^base_url: must start with"):
        wdt_proto.Client(creds, "erp.example")
    for name, value in (("SID", "s"), ("APPKEY", "k"), ("APPSECRET", "a:b"), ("BASE_URL", "x")):
        monkeypatch.setenv(f"WDT_{name}", value)
    with pytest.raises(wdt_proto.ValidationError, match=r"^WDT_BASE_URL: must start with"):
        wdt_proto.Client.from_env()
