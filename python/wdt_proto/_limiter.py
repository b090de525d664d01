"""Not more calls a minute than the platform takes."""

from __future__ import annotations

import math
import threading
from collections import deque

from . import _texts
from ._native import CALLS_PER_MINUTE

WINDOW_SECONDS = 61.0
"""A minute, and a second for calls that overtake each other on the way."""


class Limiter:
    """At most so many calls in any minute; threads, tasks and clients may share one.

    The platform counts the calls of a merchant (sid), so share one among all clients of that sid;
    other processes are not seen. Calls go out at once until the minute's number is used up, then
    each as soon as the window of 61 seconds has room. A rate limit that the platform reports all
    the same makes everyone who shares the limiter rest.

    ``per_minute`` is 60 by default: the platform publishes no number, and one public integration
    is refused at the 61st call. Raises ``ValueError`` below 1.
    """

    def __init__(self, per_minute: int = CALLS_PER_MINUTE) -> None:
        """Allow ``per_minute`` calls in any minute."""
        if per_minute < 1:
            raise ValueError(str(_texts.PER_MINUTE.of(per_minute=per_minute)))
        self._granted: deque[float] = deque(maxlen=per_minute)
        self._rest_until = -math.inf
        self._lock = threading.Lock()

    @property
    def per_minute(self) -> int:
        """How many calls fit into a minute."""
        return self._granted.maxlen or 0

    def reserve(self, now: float, latest: float = math.inf) -> float | None:
        """Take the next free slot: when to call, in the caller's monotonic seconds.

        ``None``, and nothing is taken, where that were after ``latest``. Ask ``due`` before the
        call: somebody may have been told to rest since.
        """
        with self._lock:
            # Not before those that asked earlier, so that the oldest slot is the first one's.
            last = self._granted[-1] if self._granted else -math.inf
            slot = max(now, self._rest_until, last)
            if len(self._granted) == self._granted.maxlen:
                slot = max(slot, self._granted[0] + WINDOW_SECONDS)
            if slot > latest:
                return None
            self._granted.append(slot)
            return slot

    def rest(self, until: float) -> None:
        """Let nobody call before ``until``: the platform said that it were too many."""
        with self._lock:
            self._rest_until = max(self._rest_until, until)

    def due(self, slot: float) -> float:
        """Give the time of a slot that ``reserve`` gave out, after a rest that began since."""
        with self._lock:
            return max(slot, self._rest_until)

    def __repr__(self) -> str:
        """Show the number."""
        return f"Limiter(per_minute={self.per_minute})"
