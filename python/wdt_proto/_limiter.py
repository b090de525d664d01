"""Not more calls a minute than the platform takes: the core's window, shared by threads."""

from __future__ import annotations

import math
from typing import Literal

from ._native import CALLS_PER_MINUTE, Pace, Turn


class Slot(float):
    """When a call may go out, as ``Limiter.reserve`` gave it."""

    __slots__ = ("turn",)

    turn: Turn


class Limiter:
    """At most so many calls in any minute; threads, tasks and clients may share one.

    The platform counts the calls of a merchant (sid), so share one among all clients of that sid;
    other processes are not seen. Calls go out at once until the minute's number is used up, then
    each as soon as the window of 61 seconds has room. A rate limit that the platform reports all
    the same makes everyone who shares the limiter rest; after it, too, no minute has more calls.

    ``per_minute`` is 60 by default: the platform publishes no number, and one public integration
    is refused at the 61st call. Raises ``ValueError`` below 1.
    """

    def __init__(self, per_minute: int = CALLS_PER_MINUTE) -> None:
        """Allow ``per_minute`` calls in any minute."""
        self._pace = Pace(per_minute)

    @property
    def per_minute(self) -> int:
        """How many calls fit into a minute."""
        return self._pace.per_minute

    def reserve(self, now: float, latest: float = math.inf) -> Slot | None:
        """Take the next free slot: when to call, in the caller's monotonic seconds.

        ``None``, and nothing is taken, where that were after ``latest``. Ask ``due`` before the
        call: somebody may have been told to rest since. A slot that is not used is to be given
        back.
        """
        taken = self._pace.reserve(now, latest)
        if taken is None:
            return None
        slot = Slot(taken[1])
        slot.turn = taken[0]
        return slot

    def due(self, slot: Slot, now: float = 0.0) -> float:
        """Give the time of a slot as things stand; where that is not after ``now``, it is used."""
        return self._pace.due(slot.turn, now)

    def give_back(self, slot: Slot) -> None:
        """Take back a slot whose call does not go out."""
        self._pace.give_back(slot.turn)

    def rest(self, until: float) -> None:
        """Let nobody call before ``until``: the platform said that it were too many."""
        self._pace.rest(until)

    def waits_for(self, now: float) -> Literal["turn", "rest"]:
        """Tell what those wait for who wait now: ``turn``, or ``rest`` after a rate limit."""
        return self._pace.waits_for(now)

    def __repr__(self) -> str:
        """Show the number."""
        return f"Limiter(per_minute={self.per_minute})"
