"""What the logs of a client hold, and must not: over real sockets, all loggers at DEBUG."""

from __future__ import annotations

import logging
import re
import socket
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import wdt_proto
from scripted import (
    FakeClock,
    bad_gateway,
    clock_error,
    database_error,
    ok,
    rate_limit,
    scripted,
)
from test_http import server

# What nothing else of a log record can hold by chance.
ARGUMENT = "argument-of-the-call"
CREDS = wdt_proto.Credentials("wdtapi3", "appkey", "testsecret:testsalt")


def texts(caplog: pytest.LogCaptureFixture) -> str:
    """Give all that was logged: texts, arguments and tracebacks."""
    formatter = logging.Formatter()
    return "\n".join(
        f"{record.name} {formatter.format(record)} {record.args!r} {record.__dict__!r}"
        for record in caplog.records
    )


def assert_no_secrets(text: str) -> None:
    for secret in ("testsecret", "testsalt", "sign=", "salt=", "timestamp=", "sid=", ARGUMENT):
        assert secret not in text
    assert not re.search(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", text), "a signature"


def test_no_logger_tells_the_query(caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        server() as base,
        wdt_proto.Client(CREDS, base) as client,
    ):
        assert client.call("system.Core.now", ARGUMENT).data == [ARGUMENT]
    loggers = {record.name for record in caplog.records}
    assert {"httpx", "httpcore.http11", "wdt_proto"} <= loggers, "the test hears them"
    assert "system.Core.now attempt 1: status 0, " in caplog.text
    assert_no_secrets(texts(caplog))


def test_failures_do_not_tell_it_either(caplog: pytest.LogCaptureFixture) -> None:
    retry = wdt_proto.Retry(attempts=2, first_delay=0)
    # Bound, so that nobody else gets the port, and not listening.
    with caplog.at_level(logging.DEBUG), socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{bound.getsockname()[1]}"
        with (
            wdt_proto.Client(CREDS, closed, retry=retry) as client,
            pytest.raises(wdt_proto.TransportError) as caught,
        ):
            client.call("system.Core.now", ARGUMENT)
    assert "ConnectError" in caplog.text
    assert_no_secrets(texts(caplog))
    error: BaseException | None = caught.value
    while error is not None:
        assert_no_secrets(f"{error!r} {error} {error.args!r}")
        if isinstance(error, httpx.RequestError):
            assert_no_secrets(f"{error.request!r} {error.request.url}")
        error = error.__cause__ or error.__context__


def test_a_transport_of_the_users_stays_open() -> None:
    with server() as base, httpx.HTTPTransport() as transport:
        for n in range(2):
            with wdt_proto.Client(CREDS, base, transport=transport) as client:
                assert client.call("system.Core.now", n).data == [n]


def test_the_password_of_a_base_url_stays_inside(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), server() as base:
        with_password = base.replace("http://", "http://gate:pass%20word@")
        with wdt_proto.Client(CREDS, with_password) as client:
            assert client.call("system.Core.now").data == []
            assert repr(client) == f"Client('{base}/openapi', sid='wdtapi3')"
    for secret in ("pass%20word", "pass word"):
        assert secret not in texts(caplog)


def test_each_attempt_has_a_line(caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    client, _ = scripted(
        rate_limit(),
        database_error(),
        clock_error(clock.now + 1000),
        bad_gateway(),
        ok(),
        clock=clock,
    )
    with caplog.at_level(logging.DEBUG, "wdt_proto"):
        client.call("system.Core.now")
    lines = [
        (record.levelname, record.getMessage())
        for record in caplog.records
        if record.name == "wdt_proto"
    ]
    assert lines[0][1] == (
        "system.Core.now attempt 1: status 100 (rate_limit), 0 ms; again in 450.0 s"
    )
    assert lines[1][1].startswith("system.Core.now attempt 2: status 4 (server), 0 ms; again in")
    assert lines[2] == ("WARNING", "this clock is 550 s behind the server's: set it (NTP)")
    assert lines[3][1] == "system.Core.now attempt 3: status 7 (timestamp), 0 ms; again in 0.0 s"
    assert lines[4][1].startswith("system.Core.now attempt 4: HTTP 502, 0 ms; again in")
    assert lines[5] == ("DEBUG", "system.Core.now attempt 5: status 0, 0 ms")
    assert [level for level, _ in lines[:5]] == ["WARNING"] * 5


def test_sixteen_threads_share_a_client() -> None:
    with (
        server() as base,
        wdt_proto.Client(CREDS, base, limiter=None) as client,
        ThreadPoolExecutor(16) as pool,
    ):
        answers = pool.map(lambda n: client.call("system.Core.now", n).data, range(400))
        assert list(answers) == [[n] for n in range(400)]
