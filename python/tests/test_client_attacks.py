"""Servers that mean no good, and callers that go away: one call's fate is not the others'."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import wdt_proto
from scripted import BASE, READS, SECRET, FakeClock, Script, ok, rate_limit, scripted
from test_client_retry import READ_ARGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CREDS = wdt_proto.Credentials("wdtapi3", "appkey", f"{SECRET}:testsalt")


class TaskClock(FakeClock):
    """Time that passes when every task sleeps, to the next one's waking."""

    def __init__(self) -> None:
        super().__init__()
        self.sleepers: list[tuple[float, asyncio.Event]] = []

    async def sleep_async(self, seconds: float) -> None:
        woken = asyncio.Event()
        self.sleepers.append((self.now + seconds, woken))
        await woken.wait()

    async def run(self) -> None:
        """Wake whoever is next until nobody sleeps."""
        while True:
            for _ in range(1000):
                await asyncio.sleep(0)
            if not self.sleepers:
                return
            self.now = max(self.now, min(until for until, _ in self.sleepers))
            due = [event for until, event in self.sleepers if until <= self.now]
            self.sleepers = [sleeper for sleeper in self.sleepers if sleeper[0] > self.now]
            for event in due:
                event.set()


def serving(clock: FakeClock, script: Script) -> wdt_proto.AsyncClient:
    transport = httpx.MockTransport(script.answer_async)
    return wdt_proto.AsyncClient(CREDS, BASE, transport=transport, clock=clock, on_wait=None)


def test_three_hundred_that_wait_do_not_leave_in_one_second_after_a_rest() -> None:
    async def run() -> None:
        clock = TaskClock()
        script = Script(clock)
        # The 60th of the first minute is refused: 240 wait for their turn then.
        script.always = lambda _request: rate_limit() if len(script.calls) == 60 else ok()
        async with serving(clock, script) as client:
            calls = [asyncio.create_task(client.call(READS, *READ_ARGS)) for _ in range(300)]
            await clock.run()
            await asyncio.gather(*calls)
        times = [call.at for call in script.calls]
        assert len(times) == 301
        assert times[60] - times[59] == pytest.approx(450)
        for first, later in zip(times, times[60:], strict=False):
            assert later - first > 60
        assert max(Counter(map(int, times)).values()) == 60

    asyncio.run(run())


def test_tasks_that_are_cancelled_as_they_wait_give_their_turn_back() -> None:
    async def run() -> None:
        clock = TaskClock()
        script = Script(clock)
        script.always = ok()
        async with serving(clock, script) as client:
            calls = [asyncio.create_task(client.call(READS, *READ_ARGS)) for _ in range(360)]
            await asyncio.sleep(0.1)
            assert len(clock.sleepers) == 300
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)
            clock.sleepers.clear()
            clock.now += 61
            await client.call(READS, *READ_ARGS)
            assert clock.sleepers == []
        assert len(script.calls) == 61

    asyncio.run(run())


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve on a port of this machine; each connection is given to ``answer``."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    peer, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=attend, args=(peer,), daemon=True).start()

        def attend(peer: socket.socket) -> None:
            with peer:
                try:
                    peer.recv(65536)
                    answer(peer)
                except OSError:
                    pass

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def drip(head: bytes, part: bytes) -> Callable[[socket.socket], None]:
    """Send a part every 20 ms, for ever."""

    def answer(peer: socket.socket) -> None:
        peer.sendall(head)
        while True:
            time.sleep(0.02)
            peer.sendall(part)

    return answer


SLOW = {
    "body": drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" "),
    "chunks": drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "head": drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
    "100 Continue": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}
ONCE = wdt_proto.Retry(attempts=1, attempt_seconds=0.5)


@pytest.mark.parametrize("answer", SLOW.values(), ids=SLOW.keys())
def test_a_reply_that_drips_ends_with_its_attempt(answer: Callable[[socket.socket], None]) -> None:
    async def calling(base: str) -> None:
        async with wdt_proto.AsyncClient(CREDS, base, retry=ONCE) as client:
            await client.call(READS, *READ_ARGS)

    with server(answer) as base:
        began = time.monotonic()
        with pytest.raises(wdt_proto.TransportError, match=r"longer than 0\.5 s") as caught:
            asyncio.run(calling(base))
        assert caught.value.fate == "unknown"
        with (
            wdt_proto.Client(CREDS, base, retry=ONCE) as client,
            pytest.raises(wdt_proto.TransportError, match=r"longer than 0\.5 s") as caught,
        ):
            client.call(READS, *READ_ARGS)
        assert caught.value.fate == "unknown"
        assert 1.0 <= time.monotonic() - began < 3


def test_a_long_wait_is_told_by_default(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(**options: Any) -> str:  # noqa: ANN401
        client, _ = scripted(*[ok()] * 121, **options)
        for _ in range(121):
            client.call(READS, *READ_ARGS)
        return capsys.readouterr().err

    monkeypatch.setenv("WDT_LANG", "en")
    lines = told().splitlines()
    assert lines == [f"{READS}: waiting 61 s, the calls of this minute are used up"] * 2
    monkeypatch.setenv("WDT_LANG", "zh")
    assert told().splitlines() == [f"{READS}：这一分钟的调用次数已用完，等待 61 秒"] * 2
    assert told(on_wait=None) == ""
    waits: list[wdt_proto.Waiting] = []
    assert told(on_wait=waits.append) == ""
    assert [(wait.method, round(wait.seconds), wait.why) for wait in waits] == [
        (READS, 61, "turn")
    ] * 2

    client, _ = scripted(rate_limit(), ok(), on_wait=waits.append)
    client.call(READS, *READ_ARGS)
    assert waits[-1].why == "rest"
    assert waits[-1].text == f"{READS}: waiting 450 s, the platform refused for too many calls"
