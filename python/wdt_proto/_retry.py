"""When to try again, and after how long; the policy alone, no I/O."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from . import _texts

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Retry:
    """How often and how long a call is tried.

    Every attempt is signed anew. After a failure that may pass (the platform's ``server`` errors,
    5xx, connection faults), attempt n + 1 comes after a random time between 0 and
    ``first_delay * 2 ** (n - 1)`` seconds, at most ``longest_delay``. After a rate limit the vendor
    asks for 5 to 10 minutes of rest: ``rest`` is the span that a random time is taken from.
    A server that says ``Retry-After`` is waited for instead, not shorter than the back-off.

    Whatever has to be waited for, no attempt starts later than ``max_seconds`` after the first:
    where the wait would lead past that, the error is raised at once. With the defaults a call
    rests once or twice after a rate limit, and is over after 15 minutes and one timeout at worst;
    ``rest=None`` raises a rate limit at once, for programs that people wait for.
    ``Retry(attempts=1)`` never tries again.

    Raises ``ValueError`` for what cannot be: no attempts, negative times, an empty span.
    """

    attempts: int = 5
    """The most attempts of one call, the first included."""
    max_seconds: float = 900.0
    """After so many seconds from the first attempt no other one starts."""
    first_delay: float = 0.5
    """Up to how many seconds after the first failure."""
    longest_delay: float = 30.0
    """Up to how many seconds however many failures there were."""
    rest: tuple[float, float] | None = (300.0, 600.0)
    """Least and most seconds to wait after a rate limit; ``None``: do not, raise it."""

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        low, high = self.rest or (0.0, 0.0)
        times = (self.max_seconds, self.first_delay, self.longest_delay, low, high)
        if self.attempts < 1:
            said = _texts.ATTEMPTS.of(attempts=self.attempts, least=1)
        elif not all(0 <= seconds < math.inf for seconds in times):
            said = _texts.TIMES
        elif low > high:
            said = _texts.REST.of(high=high, low=low)
        else:
            return
        raise ValueError(str(said))

    def backoff(self, failures: int, chance: float) -> float:
        """Seconds to wait after so many failures: full jitter, ``chance`` from 0 to 1."""
        # Doubled a thousand times, a float is out of range; the longest delay is long reached.
        grown = self.first_delay * 2.0 ** min(failures - 1, 64)
        return chance * min(self.longest_delay, grown)

    def rest_after_rate_limit(self, chance: float) -> float | None:
        """Seconds to rest, ``None`` for not at all."""
        if self.rest is None:
            return None
        low, high = self.rest
        return low + chance * (high - low)


def server_time(headers: Mapping[str, str]) -> float | None:
    """Give the ``Date`` of a reply in Unix seconds; ``None`` where there is none that is one."""
    return _http_date(headers.get("date", ""))


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Give the seconds of a reply's ``Retry-After``, which may be a number or a date.

    A date is meant by the server's clock, so it is held against the reply's ``Date``, or ``now``.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:18])
    at = _http_date(text)
    if at is None:
        return None
    sent = server_time(headers)
    return max(0.0, at - (now if sent is None else sent))


def _http_date(text: str) -> float | None:
    try:
        parsed = parsedate_to_datetime(text)
        # One with -0000 comes without a zone; HTTP's are all in GMT.
        return parsed.replace(tzinfo=parsed.tzinfo or timezone.utc).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
