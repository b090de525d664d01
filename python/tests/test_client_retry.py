"""Which attempts are made again, and when; answers are scripted, and nobody sleeps."""

from __future__ import annotations

import gzip
import logging
from email.utils import formatdate
from typing import Any

import httpx
import pytest
import wdt_proto
from hypothesis import given
from hypothesis import strategies as st
from scripted import (
    NOW,
    READS,
    WRITES,
    Answer,
    FakeClock,
    bad_gateway,
    clock_error,
    database_error,
    ok,
    rate_limit,
    refusal,
    scripted,
)

# What the vendor's page has for it.
READ_ARGS = ({"spec_nos": ["test"], "warehouse_no": "1002"},)
WRITE_ARGS = (178238, -1)

REFUSED: dict[str, Answer] = {
    "rate limit": rate_limit(),
    "database": database_error(),
    "clock": clock_error(NOW),
}
NOT_SENT: dict[str, Answer] = {
    "connect": httpx.ConnectError("[Errno 111] Connection refused"),
    "connect timeout": httpx.ConnectTimeout("timed out"),
    "pool": httpx.PoolTimeout(""),
    "proxy": httpx.ProxyError("407 Proxy Authentication Required"),
}
UNKNOWN: dict[str, Answer] = {
    "read timeout": httpx.ReadTimeout("timed out"),
    "write timeout": httpx.WriteTimeout("timed out"),
    "reset": httpx.ReadError("[Errno 104] Connection reset by peer"),
    "write": httpx.WriteError("[Errno 32] Broken pipe"),
    "cut": httpx.RemoteProtocolError("Server disconnected without sending a response."),
    "502": bad_gateway(),
    "503": httpx.Response(503),
    "504": httpx.Response(504, text='{"status":0}'),
    "408": httpx.Response(408),
    "429": httpx.Response(429),
    "html": httpx.Response(200, text="<html>maintenance</html>"),
    "cut short": httpx.Response(200, text='{"status":0,"data":[1'),
}


def each(answers: dict[str, Answer]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("answer", answers.values(), ids=answers.keys())


@each({**REFUSED, **NOT_SENT, **UNKNOWN})
def test_a_method_that_reads_is_tried_again(answer: Answer) -> None:
    client, script = scripted(answer, ok([1]))
    assert client.call(READS, *READ_ARGS).data == [1]
    assert len(script.calls) == 2
    first, second = script.calls
    assert first.body == second.body == b'[{"spec_nos":["test"],"warehouse_no":"1002"}]'


@each({**REFUSED, **NOT_SENT})
def test_a_method_that_writes_is_tried_again_if_it_was_not_carried_out(answer: Answer) -> None:
    client, script = scripted(answer, ok())
    client.call(WRITES, *WRITE_ARGS)
    assert len(script.calls) == 2


@each(UNKNOWN)
@pytest.mark.parametrize("method", [WRITES, "no.such.method"])
def test_a_method_that_writes_is_not_repeated_blindly(answer: Answer, method: str) -> None:
    client, script = scripted(answer)
    with pytest.raises(wdt_proto.TransportError, match="may have taken effect") as caught:
        client.call(method, *WRITE_ARGS)
    assert caught.value.fate == "unknown"
    assert method in str(caught.value)
    assert len(script.calls) == 1

    client, script = scripted(answer, ok())
    client.call(method, *WRITE_ARGS, repeat_writes=True)
    assert len(script.calls) == 2


def test_what_was_not_sent_says_so() -> None:
    retry = wdt_proto.Retry(attempts=2)
    client, _ = scripted(*NOT_SENT.values(), retry=retry)
    with pytest.raises(wdt_proto.TransportError, match="ConnectTimeout: timed out") as caught:
        client.call(WRITES, *WRITE_ARGS)
    assert caught.value.fate == "not_sent"
    assert "taken effect" not in str(caught.value)
    assert isinstance(caught.value.__cause__, httpx.ConnectTimeout)


def test_one_attempt_of_unknown_fate_makes_the_call_one() -> None:
    retry = wdt_proto.Retry(attempts=2)
    client, _ = scripted(UNKNOWN["cut"], NOT_SENT["connect"], retry=retry)
    with pytest.raises(wdt_proto.TransportError) as caught:
        client.call(WRITES, *WRITE_ARGS, repeat_writes=True)
    assert caught.value.fate == "unknown"


def test_a_malformed_reply_to_a_reading_method_is_shown() -> None:
    client, _ = scripted(*[UNKNOWN["html"]] * 3, retry=wdt_proto.Retry(attempts=3))
    with pytest.raises(wdt_proto.MalformedResponseError) as caught:
        client.call(READS, *READ_ARGS)
    assert caught.value.body == b"<html>maintenance</html>"


@each(
    {
        "signature": refusal(1, "验证失败"),
        "parameter": refusal(2, "参数错误"),
        "permission": refusal(6, "ip限制"),
        "business": refusal(100, "单据不存在"),
        "unknown": refusal(99, "?"),
    }
)
def test_what_another_attempt_would_not_mend_is_raised_at_once(answer: Answer) -> None:
    client, script = scripted(answer)
    with pytest.raises(wdt_proto.ApiError):
        client.call(READS, *READ_ARGS)
    assert len(script.calls) == 1


@pytest.mark.parametrize("status", [301, 307, 400, 403, 404, 413])
def test_other_http_errors_are_raised_at_once(status: int) -> None:
    headers = {"Location": "https://moved.example/?sign=x"}
    client, script = scripted(httpx.Response(status, headers=headers))
    with pytest.raises(wdt_proto.TransportError, match=f"HTTP {status}") as caught:
        client.call(READS, *READ_ARGS)
    assert "moved.example" not in str(caught.value)
    assert len(script.calls) == 1


def test_every_attempt_has_its_own_time_and_signature() -> None:
    clock = FakeClock(chance=0.999)
    client, script = scripted(*[database_error()] * 4, ok(), clock=clock)
    client.call(READS, *READ_ARGS)
    assert [call.unix_time for call in script.calls] == [int(call.at) for call in script.calls]
    times = [call.unix_time for call in script.calls]
    assert times == sorted(times)
    assert len({call.query["sign"] for call in script.calls}) == len(set(times)) > 2


def test_backoff_doubles_with_full_jitter() -> None:
    for chance in (0.0, 0.25, 0.999):
        clock = FakeClock(chance)
        retry = wdt_proto.Retry(attempts=8, first_delay=0.5, longest_delay=10)
        client, _ = scripted(*[bad_gateway()] * 7, ok(), clock=clock, retry=retry)
        client.call(READS, *READ_ARGS)
        bounds = [0.5, 1, 2, 4, 8, 10, 10]
        assert clock.slept == [pytest.approx(chance * bound) for bound in bounds if chance]


def test_attempts_are_bounded_in_number() -> None:
    client, script = scripted(*[database_error()] * 5)
    with pytest.raises(wdt_proto.ApiError, match="数据库错误"):
        client.call(READS, *READ_ARGS)
    assert len(script.calls) == wdt_proto.Retry().attempts == 5


def test_attempts_are_bounded_in_time() -> None:
    clock = FakeClock(chance=0.999)
    retry = wdt_proto.Retry(attempts=1000, max_seconds=60)
    client, script = scripted(*[bad_gateway()] * 1000, clock=clock, retry=retry)
    with pytest.raises(wdt_proto.TransportError):
        client.call(READS, *READ_ARGS)
    assert 30 < sum(clock.slept) <= 60
    assert len(script.calls) == len(clock.slept) + 1


def test_an_attempt_that_takes_long_counts() -> None:
    clock = FakeClock()

    def slow(_request: httpx.Request) -> httpx.Response:
        clock.now += 61
        return bad_gateway()

    client, _ = scripted(slow, clock=clock, retry=wdt_proto.Retry(max_seconds=60))
    with pytest.raises(wdt_proto.TransportError):
        client.call(READS, *READ_ARGS)
    assert clock.slept == []


@pytest.mark.parametrize(("chance", "rest"), [(0.0, 300.0), (0.5, 450.0), (0.999, 599.7)])
def test_a_rate_limit_is_rested_as_the_vendor_asks(chance: float, rest: float) -> None:
    clock = FakeClock(chance)
    client, _ = scripted(rate_limit(), ok(), clock=clock)
    client.call(WRITES, *WRITE_ARGS)
    assert clock.slept == [pytest.approx(rest)]


def test_the_default_rest_ends_within_the_default_time() -> None:
    clock = FakeClock(chance=0.999)
    client, script = scripted(*[rate_limit()] * 9, clock=clock)
    with pytest.raises(wdt_proto.ApiError) as caught:
        client.call(READS, *READ_ARGS)
    assert caught.value.kind == "rate_limit"
    assert len(script.calls) == 2
    assert sum(clock.slept) <= 900


def test_without_a_rest_a_rate_limit_is_raised() -> None:
    client, script = scripted(rate_limit(), retry=wdt_proto.Retry(rest=None))
    with pytest.raises(wdt_proto.ApiError, match="超过每分钟"):
        client.call(READS, *READ_ARGS)
    assert len(script.calls) == 1


def test_who_shares_a_limiter_rests_along() -> None:
    clock = FakeClock(chance=0.0)
    limiter = wdt_proto.Limiter(60)
    other, calls = scripted(ok(), ok(), clock=clock, limiter=limiter)

    def meanwhile(_request: httpx.Request) -> httpx.Response:
        other.call(READS, *READ_ARGS)
        return rate_limit()

    client, _ = scripted(meanwhile, clock=clock, limiter=limiter, retry=wdt_proto.Retry(attempts=2))
    clock.sleep = lambda seconds: pytest.fail(f"slept {seconds} s")  # type: ignore[method-assign]
    with pytest.raises(pytest.fail.Exception, match="slept 300"):
        client.call(READS, *READ_ARGS)
    with pytest.raises(pytest.fail.Exception, match="slept 300"):
        other.call(READS, *READ_ARGS)
    assert len(calls.calls) == 1


@pytest.mark.parametrize("answer", [httpx.Response(503), httpx.Response(429), rate_limit()])
@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "77"},
        {"Retry-After": formatdate(NOW + 77, usegmt=True)},
        {
            "Retry-After": formatdate(NOW + 5077, usegmt=True),
            "Date": formatdate(NOW + 5000, usegmt=True),
        },
    ],
)
def test_retry_after_is_respected(answer: httpx.Response, headers: dict[str, str]) -> None:
    again = httpx.Response(answer.status_code, content=answer.content, headers=headers)
    clock = FakeClock()
    client, _ = scripted(again, ok(), clock=clock)
    client.call(READS, *READ_ARGS)
    assert clock.slept == [pytest.approx(77, abs=1)]


@pytest.mark.parametrize(
    "wish", ["86400", "99999999999", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"]
)
def test_what_a_server_asks_of_one_call_does_not_stop_the_others(wish: str) -> None:
    clock = FakeClock()
    client, _ = scripted(rate_limit({"Retry-After": wish}), ok(1), clock=clock)
    with pytest.raises(wdt_proto.ApiError):
        client.call(READS, *READ_ARGS)
    assert clock.slept == []
    assert client.call(READS, *READ_ARGS).data == 1
    assert clock.slept == [600], "the longest rest, no longer"


@pytest.mark.parametrize("wish", ["0", "Mon, 01 Jan 2024 00:00:00 GMT"])
def test_a_wish_for_no_rest_does_not_hurry(wish: str) -> None:
    clock = FakeClock()
    client, script = scripted(*[rate_limit({"Retry-After": wish})] * 5, ok(1), clock=clock)
    with pytest.raises(wdt_proto.ApiError):
        client.call(READS, *READ_ARGS)
    assert clock.slept == [pytest.approx(wait) for wait in (0.25, 0.5, 1, 2)]
    # The limiter learns of the last attempt, too.
    assert client.call(READS, *READ_ARGS).data == 1
    assert len(clock.slept) == 5
    assert len(script.calls) == 6


def test_a_retry_after_past_the_bound_is_not_waited_for() -> None:
    clock = FakeClock()
    client, _ = scripted(httpx.Response(503, headers={"Retry-After": "1000000"}), clock=clock)
    with pytest.raises(wdt_proto.TransportError, match="HTTP 503"):
        client.call(READS, *READ_ARGS)
    assert clock.slept == []


@pytest.mark.parametrize("skew", [-86400, -121, 121, 3600, 86400])
def test_the_clock_is_set_by_the_server(skew: int, caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    client, script = scripted(clock_error(NOW + skew), ok(1), ok(2), clock=clock)
    with caplog.at_level(logging.WARNING, "wdt_proto"):
        assert client.call(WRITES, *WRITE_ARGS).data == 1
    assert client.call(WRITES, *WRITE_ARGS).data == 2
    assert [call.unix_time - NOW for call in script.calls] == [0, skew, skew]
    assert clock.slept == [], "there is nothing to wait for"
    assert "NTP" in caplog.text


@pytest.mark.parametrize("skew", [-40_000_000, -86402, 86402, 40_000_000])
def test_a_clock_that_is_days_away_is_not_believed(skew: int) -> None:
    client, script = scripted(clock_error(NOW + skew), ok(1), ok(2))
    with pytest.raises(wdt_proto.ApiError, match="too far to be believed") as caught:
        client.call(WRITES, *WRITE_ARGS)
    assert caught.value.kind == "timestamp"
    assert "不予采信" in caught.value.text_zh
    assert client.call(WRITES, *WRITE_ARGS).data == 1
    assert [call.unix_time for call in script.calls] == [NOW, NOW], "nothing is signed for then"

    bold = wdt_proto.Retry(clock_error=50_000_000)
    client, script = scripted(clock_error(NOW + skew), ok(1), retry=bold)
    assert client.call(WRITES, *WRITE_ARGS).data == 1
    assert script.calls[1].unix_time == NOW + skew


def test_the_clock_is_set_once_a_call() -> None:
    clock = FakeClock()
    retry = wdt_proto.Retry(attempts=3)
    client, script = scripted(*[clock_error(NOW + 999)] * 3, clock=clock, retry=retry)
    with pytest.raises(wdt_proto.ApiError) as caught:
        client.call(READS, *READ_ARGS)
    assert caught.value.kind == "timestamp"
    assert len(script.calls) == 3
    assert len(clock.slept) == 1, "the second time is an ordinary failure"


@pytest.mark.parametrize("date", [None, 0.0, 1325347200.0])
def test_a_server_without_a_time_leaves_the_clock_alone(date: float | None) -> None:
    client, script = scripted(clock_error(date), ok())
    client.call(READS, *READ_ARGS)
    assert [call.unix_time for call in script.calls] == [int(call.at) for call in script.calls]


def test_a_wrong_call_is_refused_before_anything_is_waited_for() -> None:
    clock = FakeClock()
    client, script = scripted(clock=clock, limiter=wdt_proto.Limiter(1))
    with pytest.raises(wdt_proto.ValidationError, match=r"/0 \("):
        client.call(WRITES, "x", -1)
    with pytest.raises(wdt_proto.ValidationError):
        client.call(WRITES, 1)
    assert script.calls == []
    assert clock.slept == []


def test_level_and_raw_body_go_through() -> None:
    client, script = scripted(ok(), ok(), level="off")
    client.call(WRITES, "x")
    client.call(WRITES, raw_body=b"[1, -1]")
    assert [call.body for call in script.calls] == [b'["x"]', b"[1, -1]"]
    with pytest.raises(wdt_proto.ValidationError):
        client.call(WRITES, "x", level="documented")


def test_arguments_that_change_between_attempts_do_not() -> None:
    row = {"spec_nos": ["test"], "warehouse_no": "1002"}

    def change(_request: httpx.Request) -> httpx.Response:
        row["warehouse_no"] = "9"
        return bad_gateway()

    client, script = scripted(change, ok())
    client.call(READS, row)
    assert script.calls[0].body == script.calls[1].body


class Endless(httpx.SyncByteStream):
    """A body without an end, of which only so much may be asked for."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.given = 0

    def __iter__(self) -> Any:  # noqa: ANN401 - an iterator
        while True:
            self.given += 1000
            assert self.given <= self.most, "read on past the limit"
            yield b" " * 1000


def test_a_reply_past_the_limit_is_not_read_to_its_end() -> None:
    limits = wdt_proto.Limits(max_bytes=5000)
    endless = Endless(most=6000)
    client, script = scripted(httpx.Response(200, stream=endless), limits=limits)
    with pytest.raises(wdt_proto.MalformedResponseError, match=r"5,?000"):
        client.call(READS, *READ_ARGS)
    assert len(script.calls) == 1, "it would not get smaller"

    bomb = gzip.compress(b" " * 50_000_000)
    reply = httpx.Response(200, stream=httpx.ByteStream(bomb), headers={"Content-Encoding": "gzip"})
    client, _ = scripted(reply, limits=limits)
    with pytest.raises(wdt_proto.TransportError) as caught:
        client.call(WRITES, *WRITE_ARGS)
    assert caught.value.fate == "unknown"


def test_a_broken_encoding_is_a_malformed_reply() -> None:
    reply = httpx.Response(
        200, stream=httpx.ByteStream(b"not gzip"), headers={"Content-Encoding": "gzip"}
    )
    client, _ = scripted(reply)
    with pytest.raises(wdt_proto.TransportError, match="DecodingError") as caught:
        client.call(WRITES, *WRITE_ARGS)
    assert caught.value.fate == "unknown"


@given(
    st.floats(0, 1e3, allow_subnormal=False),
    st.floats(0, 1e3, allow_subnormal=False),
    st.integers(1, 10**9),
    st.floats(0, 1, exclude_max=True),
)
def test_backoff_is_within_its_bounds(
    first: float, longest: float, failures: int, chance: float
) -> None:
    retry = wdt_proto.Retry(first_delay=first, longest_delay=longest)
    delay = retry.backoff(failures, chance)
    assert 0 <= delay <= longest
    assert delay <= first * 2.0 ** min(failures, 1000)


@pytest.mark.parametrize(
    "options",
    [
        {"attempts": 0},
        {"max_seconds": -1},
        {"first_delay": float("nan")},
        {"longest_delay": float("inf")},
        {"rest": (10.0, 5.0)},
        {"rest": (-1.0, 5.0)},
    ],
)
def test_a_policy_that_cannot_be_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"attempts|times|rest"):
        wdt_proto.Retry(**options)
