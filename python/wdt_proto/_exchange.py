"""One call from the first attempt to the last, without I/O: both clients run these steps.

What to send, when, and what is safe to send again is the core's (``_native.Exchange``). A call is a
generator: it asks for a wait or for a request to be sent, is told what came of it, and ends with
the response or an exception. How a step is done is all that a client adds.
"""

from __future__ import annotations

import logging
import math
import sys
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from . import _native, _texts
from ._models import Response, Waiting
from ._native import Request, ServerClock, SignedRequest, failures, writes

if TYPE_CHECKING:
    from ._clock import Clock
    from ._limiter import Limiter
    from ._models import Fate, Level, WaitFor
    from ._native import Credentials, Limits, Pager
    from ._retry import Retry

logger = logging.getLogger("wdt_proto")
# Programs that set up no logging are not written to.
logger.addHandler(logging.NullHandler())

T = TypeVar("T")

# A clock that is off by less is not worth a line in the log.
_CLOCK_NOISE_SECONDS = 5
# A wait for the limiter that is longer deserves one.
_LONG_WAIT_SECONDS = 5


@dataclass(frozen=True)
class Wait:
    """A step: let so many seconds pass."""

    seconds: float


@dataclass(frozen=True)
class Send:
    """A step: send this request, and say what came of it."""

    request: SignedRequest
    seconds: float
    """The longest that it may take."""


@dataclass(frozen=True)
class Reply:
    """What came of a ``Send``: an HTTP reply, of its body at most one byte past the limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Fault:
    """What came of a ``Send``: no whole reply."""

    error: Exception
    what: _texts.Text
    """One line, without the query."""
    fate: Fate


Outcome = Reply | Fault | None
Steps = Generator[Wait | Send, Outcome, T]


def tell_wait(waiting: Waiting) -> None:
    """Write a line to the person at the terminal: what a client does with waits by default."""
    # A program without a console has none.
    if sys.stderr is not None:
        sys.stderr.write(f"{waiting}\n")
        sys.stderr.flush()


def _of_method(method: str, response: Response) -> Response:
    """Put the method on a response; say how much was refused though the status is 0."""
    response = replace(response, method=method)
    if writes(method) and (refused := failures(response)):
        logger.warning(str(_texts.LOG_FAILURES), method, len(refused))
    return response


@dataclass
class Exchange:
    """What all calls of a client share."""

    credentials: Credentials
    level: Level
    limits: Limits
    retry: Retry
    limiter: Limiter | None
    clock: Clock
    on_wait: Callable[[Waiting], object] | None
    server_clock: ServerClock = field(default_factory=ServerClock)
    """Shared by all calls: what one learns of the server's ``Date``, the others know."""
    told_until: float = 0.0
    """Up to when the person has been told to wait, by the clock's monotonic seconds."""

    def now(self) -> int:
        """Give the server's time of day, as far as it is known, in whole Unix seconds."""
        return self.server_clock.unix(self.clock.unix_time())

    def request(
        self,
        method: str,
        *args: object,
        pager: Pager | None = None,
        raw_body: bytes | bytearray | str | None = None,
        level: Level | None = None,
    ) -> Request:
        """Validate a call, once and before any wait."""
        return Request(
            method,
            *args,
            pager=pager,
            raw_body=raw_body,
            level=level or self.level,
            limits=self.limits,
        )

    def call(
        self,
        request: Request,
        *,
        repeat_writes: bool = False,
        tells_warnings: bool = True,
        wants_data: bool = True,
    ) -> Steps[Response]:
        """Make one call, and say what was odd about it: in the log and on the response.

        Without ``wants_data`` the response has its ``raw_data`` alone.
        """
        warnings = request.warnings
        if warnings and tells_warnings:
            logger.warning(str(_texts.LOG_WARNINGS), request.method, _texts.warnings(warnings))
        method = request.method
        machine = _native.Exchange(
            method,
            writes(method),
            self.retry.policy,
            self.limits,
            repeats_writes=repeat_writes,
            wants_data=wants_data,
        )
        response = yield from self._attempts(request, machine)
        return replace(response, _warnings=tuple(warnings)) if warnings else response

    def _attempts(self, request: Request, machine: _native.Exchange) -> Steps[Response]:
        """Send in as many attempts as it takes and the policy allows; each signs anew."""
        method = request.method
        while (step := machine.step(now := self.clock.monotonic())) is not None:
            what, until = step
            if what == "turn":
                if not (yield from self._turn(method, until)):
                    raise machine.no_turn()
                machine.turn(self.clock.monotonic())
            elif what == "send":
                outcome = yield Send(self._sign(request), (until or now) - now)
                response = self._told(machine, method, outcome)
                if response is not None:
                    return _of_method(method, response)
            else:
                yield self._wait(method, now, until or now, what)
        raise AssertionError  # pragma: no cover - a call ends with a response or an exception

    def _told(self, machine: _native.Exchange, method: str, outcome: Outcome) -> Response | None:
        """Tell what came of an attempt, and log it."""
        now = (self.clock.monotonic(), self.clock.unix_time(), self.clock.random())
        response = None
        try:
            if isinstance(outcome, Reply):
                headers = outcome.headers
                asked = (headers.get("date", ""), headers.get("retry-after", ""))
                status, body = outcome.status, outcome.body
                response = machine.reply(now, self.server_clock, status, asked, body)
            elif outcome is not None:  # what drives a call answers each Send
                what, is_unknown = outcome.what, outcome.fate == "unknown"
                machine.fault(now, outcome.error, is_unknown, what.en, what.zh)
        finally:
            if response is None or logger.isEnabledFor(logging.DEBUG):
                self._log(machine, method)
        return response

    def _log(self, machine: _native.Exchange, method: str) -> None:
        number, what, took, wait, rest_until, off_by = machine.attempt()
        if rest_until is not None and self.limiter is not None:
            self.limiter.rest(rest_until)
        if off_by is not None and abs(off_by) > _CLOCK_NOISE_SECONDS:
            text = _texts.LOG_CLOCK_BEHIND if off_by > 0 else _texts.LOG_CLOCK_AHEAD
            logger.warning(str(text), abs(off_by))
        told = (method, number, _texts.Text(*what), 1000 * took)
        if wait is None:
            logger.debug(str(_texts.LOG_ATTEMPT), *told)
        else:
            logger.warning(str(_texts.LOG_AGAIN), *told, wait)

    def _turn(self, method: str, latest: float | None) -> Steps[bool]:
        """Wait for the limiter; whether the turn came in time."""
        limiter = self.limiter
        if limiter is None:
            return True
        latest = math.inf if latest is None else latest
        slot = limiter.reserve(self.clock.monotonic(), latest)
        if slot is None:
            return False
        is_used = False
        try:
            while (due := limiter.due(slot, now := self.clock.monotonic())) > now:
                if due > latest:
                    return False
                if (wait := due - now) > _LONG_WAIT_SECONDS:
                    logger.info(str(_texts.LOG_TURN), method, wait)
                yield self._wait(method, now, due, limiter.waits_for(now))
            is_used = True
        finally:
            # Also where the task was cancelled as it waited.
            if not is_used:
                limiter.give_back(slot)
        return True

    def _wait(self, method: str, now: float, until: float, why: WaitFor) -> Wait:
        """Wait; where it takes long, the person at the program is told, once for all who wait."""
        if self.on_wait is not None and until > self.told_until + 1:
            texts = _native.waiting(method, until - now, why)
            if texts is not None:
                self.told_until = until
                self.on_wait(Waiting(method, until - now, why, *texts))
        return Wait(until - now)

    def _sign(self, request: Request) -> SignedRequest:
        return request.sign(self.credentials, self.now())
