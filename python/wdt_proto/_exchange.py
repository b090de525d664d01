"""One call from the first attempt to the last, without I/O: both clients run these steps.

A call is a generator: it asks for a wait or for a request to be sent, is told what came of it, and
ends with the response or an exception. How a step is done is all that a client adds.
"""

from __future__ import annotations

import itertools
import logging
import math
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from . import _texts
from ._errors import ApiError, MalformedResponseError, TransportError
from ._models import Response
from ._native import EPOCH_UNIX, Request, SignedRequest, failures, parse_response, writes
from ._retry import retry_after, server_time

if TYPE_CHECKING:
    from ._clock import Clock
    from ._limiter import Limiter
    from ._models import Fate, Level
    from ._native import Credentials, Limits, Pager
    from ._retry import Retry

logger = logging.getLogger("wdt_proto")
# Programs that set up no logging are not written to.
logger.addHandler(logging.NullHandler())

T = TypeVar("T")

_HTTP_OK = range(200, 300)
_HTTP_REDIRECT = range(300, 400)
_HTTP_SERVER_ERROR = range(500, 600)
# Request Timeout, Too Many Requests: what refuses with these asks for another attempt.
_HTTP_TRY_AGAIN = (408, 429)
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


@dataclass(frozen=True)
class _Failure:
    """An attempt that brought no response."""

    cause: Exception | None
    what: _texts.Text
    """For the log: neither the platform's words nor a value."""
    text: _texts.Text
    """For the exception."""
    fate: Fate | None
    """``None``: the platform itself refused the call, so that it was not carried out."""
    again: bool
    """Whether another attempt may go otherwise."""
    headers: Mapping[str, str] = field(default_factory=dict)

    def is_kind(self, kind: str) -> bool:
        """Whether the platform answered with this kind of error."""
        return isinstance(self.cause, ApiError) and self.cause.kind == kind

    def error(self, method: str, fate: Fate, *, writes: bool) -> Exception:
        """Make the exception for the caller; ``fate`` is that of all attempts together."""
        if isinstance(self.cause, ApiError):
            return self.cause
        if isinstance(self.cause, MalformedResponseError) and not writes:
            return self.cause
        text = _texts.OF_METHOD.of(method=method, what=self.text)
        if writes and fate == "unknown":
            text += _texts.MAY_HAVE_TAKEN_EFFECT
        error = TransportError(text.en, fate, text.zh)
        error.__cause__ = self.cause
        return error


def _of_method(method: str, response: Response, *, may_write: bool) -> Response:
    """Put the method on a response; say how much was refused though the status is 0."""
    response = replace(response, method=method)
    if may_write and (refused := failures(response)):
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
    clock_offset: float = 0.0
    """Seconds to add to the local clock, learnt from the server's ``Date``."""

    def now(self) -> int:
        """Give the server's time of day, as far as it is known, in whole Unix seconds."""
        return int(self.clock.unix_time() + self.clock_offset)

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
        self, request: Request, *, repeat_writes: bool = False, tells_warnings: bool = True
    ) -> Steps[Response]:
        """Make one call, and say what was odd about it: in the log and on the response."""
        warnings = request.warnings
        if warnings and tells_warnings:
            logger.warning(str(_texts.LOG_WARNINGS), request.method, _texts.warnings(warnings))
        response = yield from self._attempts(request, repeat_writes=repeat_writes)
        return replace(response, _warnings=tuple(warnings)) if warnings else response

    def _attempts(self, request: Request, *, repeat_writes: bool) -> Steps[Response]:
        """Send in as many attempts as it takes and the policy allows; each signs anew."""
        method = request.method
        may_write = writes(method)
        fate: Fate = "not_sent"
        is_corrected = False
        yield from self._turn(method, math.inf)
        latest = self.clock.monotonic() + self.retry.max_seconds
        for attempt in itertools.count(1):
            started = self.clock.monotonic()
            outcome = yield Send(self._sign(request))
            result = self._judge(outcome)
            milliseconds = 1000 * (self.clock.monotonic() - started)
            if isinstance(result, Response):
                logger.debug(str(_texts.LOG_DONE), method, attempt, milliseconds)
                return _of_method(method, result, may_write=may_write)
            if result.fate == "unknown":
                fate = "unknown"
            told = (method, attempt, result.what, milliseconds)
            delay: float | None = None
            if result.again and attempt < self.retry.attempts:
                if result.is_kind("timestamp") and not is_corrected:
                    is_corrected = self._learn_time(result.headers)
                    delay = 0.0 if is_corrected else self._delay(result, attempt)
                elif repeat_writes or not may_write or result.fate != "unknown":
                    delay = self._delay(result, attempt)
            if delay is None or self.clock.monotonic() + delay > latest:
                logger.debug(str(_texts.LOG_FAILED), *told)
                raise result.error(method, fate, writes=may_write)
            logger.warning(str(_texts.LOG_AGAIN), *told, delay)
            if delay > 0:
                yield Wait(delay)
            if not (yield from self._turn(method, latest)):
                raise result.error(method, fate, writes=may_write)
        raise AssertionError  # pragma: no cover - the count has no end

    def _turn(self, method: str, latest: float) -> Steps[bool]:
        """Wait for the limiter; whether the turn came in time."""
        if self.limiter is None:
            return True
        slot = self.limiter.reserve(self.clock.monotonic(), latest)
        if slot is None:
            return False
        while (wait := (due := self.limiter.due(slot)) - self.clock.monotonic()) > 0:
            if due > latest:
                return False
            if wait > _LONG_WAIT_SECONDS:
                logger.info(str(_texts.LOG_TURN), method, wait)
            yield Wait(wait)
        return True

    def _sign(self, request: Request) -> SignedRequest:
        return request.sign(self.credentials, self.now())

    def _judge(self, outcome: Outcome) -> Response | _Failure:
        """Tell what came of an attempt."""
        if isinstance(outcome, Fault):
            return _Failure(outcome.error, outcome.what, outcome.what, outcome.fate, again=True)
        if outcome is None:
            raise AssertionError  # pragma: no cover - what drives a call answers each Send
        status, headers, body = outcome.status, outcome.headers, outcome.body
        if status not in _HTTP_OK:
            is_redirect = status in _HTTP_REDIRECT
            text = _texts.ELSEWHERE if is_redirect else _texts.NOT_THE_PLATFORM
            again = status in _HTTP_SERVER_ERROR or status in _HTTP_TRY_AGAIN
            what = _texts.HTTP.of(status=status)
            return _Failure(None, what, text.of(status=status), "unknown", again, headers)
        try:
            return parse_response(body, limits=self.limits)
        except ApiError as error:
            what = _texts.STATUS.of(status=error.status, kind=error.kind)
            return _Failure(error, what, what, None, error.retryable, headers)
        except MalformedResponseError as error:
            again = len(body) <= self.limits.max_bytes
            text = _texts.Text(error.text, error.text_zh)
            return _Failure(error, _texts.MALFORMED, text, "unknown", again, headers)

    def _delay(self, failure: _Failure, attempt: int) -> float | None:
        """Seconds until the next attempt; ``None`` for no other one."""
        asked = retry_after(failure.headers, self.clock.unix_time() + self.clock_offset)
        chance = self.clock.random()
        if not failure.is_kind("rate_limit"):
            return max(self.retry.backoff(attempt, chance), asked or 0.0)
        rest = self.retry.rest_after_rate_limit(chance)
        if rest is None:
            return None
        delay = rest if asked is None else asked
        if self.limiter is not None:
            self.limiter.rest(self.clock.monotonic() + delay)
        return delay

    def _learn_time(self, headers: Mapping[str, str]) -> bool:
        """Take the server's clock for ours; whether it told the time."""
        at = server_time(headers)
        if at is None or at <= EPOCH_UNIX:
            return False
        offset = at - self.clock.unix_time()
        if abs(offset - self.clock_offset) > _CLOCK_NOISE_SECONDS:
            text = _texts.LOG_CLOCK_BEHIND if offset > 0 else _texts.LOG_CLOCK_AHEAD
            logger.warning(str(text), abs(offset))
        self.clock_offset = offset
        return True
