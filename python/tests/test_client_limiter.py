"""The limiter: never more than so many calls in a minute, and no later than that asks for."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import wdt_proto
from hypothesis import given
from hypothesis import strategies as st
from scripted import READS, FakeClock, database_error, ok, scripted
from test_client_retry import READ_ARGS

MINUTE = 60.0
TIMES = st.lists(st.floats(0, 100, allow_subnormal=False), min_size=1, max_size=60)


@given(st.integers(1, 10), TIMES)
def test_no_minute_has_more_calls_than_allowed(per_minute: int, gaps: list[float]) -> None:
    limiter = wdt_proto.Limiter(per_minute)
    now = 0.0
    slots: list[float] = []
    for gap in gaps:
        now += gap
        slot = limiter.reserve(now)
        assert slot is not None
        assert slot >= now
        slots.append(slot)
    assert slots == sorted(slots)
    for first, later in zip(slots, slots[per_minute:], strict=False):
        assert later - first > MINUTE
    # Nobody waits who need not: with a minute's margin before it, a call goes out at once.
    for at, taken in enumerate(slots):
        if at < per_minute:
            assert taken == pytest.approx(sum(gaps[: at + 1]))


@given(st.integers(1, 5), TIMES, st.floats(0, 200))
def test_a_slot_that_is_too_late_is_not_taken(
    per_minute: int, gaps: list[float], patience: float
) -> None:
    limiter, patient = wdt_proto.Limiter(per_minute), wdt_proto.Limiter(per_minute)
    now = 0.0
    for gap in gaps:
        now += gap
        slot = limiter.reserve(now, now + patience)
        if slot is not None:
            assert slot <= now + patience
            again = patient.reserve(now)
            assert again is not None
            assert float(again) == slot, "those that gave up left no trace"


def test_the_default_is_sixty_a_minute() -> None:
    clock = FakeClock()
    client, script = scripted(*[ok() for _ in range(121)], clock=clock)
    for _ in range(121):
        client.call(READS, *READ_ARGS)
    times = [call.at - script.calls[0].at for call in script.calls]
    assert times[:60] == [0.0] * 60, "the first minute's calls go out at once"
    assert [round(time) for time in times[60:]] == [61] * 60 + [122]


def test_clients_may_share_one_and_go_without() -> None:
    clock = FakeClock()
    limiter = wdt_proto.Limiter(1)
    one, _ = scripted(ok(), clock=clock, limiter=limiter)
    other, _ = scripted(ok(), clock=clock, limiter=limiter)
    free, _ = scripted(*[ok()] * 9, clock=clock, limiter=None)
    for _ in range(9):
        free.call(READS, *READ_ARGS)
    one.call(READS, *READ_ARGS)
    assert clock.slept == []
    other.call(READS, *READ_ARGS)
    assert clock.slept == [pytest.approx(61)]


def test_a_rest_holds_back_those_who_have_a_slot() -> None:
    limiter = wdt_proto.Limiter(5)
    slot = limiter.reserve(10)
    assert slot is not None
    assert float(slot) == 10
    limiter.rest(300)
    limiter.rest(200)
    assert limiter.due(slot) == 300
    later = limiter.reserve(20)
    assert later is not None
    assert float(later) == 300


def test_a_retry_that_finds_no_slot_in_time_is_given_up() -> None:
    clock = FakeClock()
    retry = wdt_proto.Retry(max_seconds=30)
    client, script = scripted(ok(), database_error(), ok(), clock=clock, limiter=2, retry=retry)
    client.call(READS, *READ_ARGS)
    with pytest.raises(wdt_proto.ApiError, match="数据库错误"):
        client.call(READS, *READ_ARGS)
    assert sum(clock.slept) < 30
    assert len(script.calls) == 2


def test_sixteen_threads_share_a_limiter() -> None:
    limiter = wdt_proto.Limiter(100)
    barrier = threading.Barrier(16)

    def work(_thread: int) -> list[float | None]:
        barrier.wait()
        return [limiter.reserve(0.0) for _ in range(50)]

    with ThreadPoolExecutor(16) as pool:
        slots = sorted(
            slot for some in pool.map(work, range(16)) for slot in some if slot is not None
        )
    assert slots == [61.0 * (n // 100) for n in range(800)]


@pytest.mark.parametrize("per_minute", [0, -1])
def test_a_limit_of_nothing_is_refused(per_minute: int) -> None:
    with pytest.raises(ValueError, match="limiter=None"):
        wdt_proto.Limiter(per_minute)
