"""Time, sleep and chance, in one place: tests put their own there, and never sleep."""

from __future__ import annotations

import random
import time


class Clock:
    """Where a client takes time, sleep and chance from; a test hands in a subclass."""

    def unix_time(self) -> float:
        """Give the time of day, in Unix seconds: what is signed."""
        return time.time()

    def monotonic(self) -> float:
        """Give a time that nobody sets, in seconds: what is measured and waited for."""
        return time.monotonic()

    def random(self) -> float:
        """Give a number from 0 to 1, without 1."""
        return random.random()  # noqa: S311 - spreads retries, hides nothing

    def sleep(self, seconds: float) -> None:
        """Wait, in the thread that calls."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Wait, in the task that calls: asyncio's or trio's."""
        import anyio  # noqa: PLC0415 - comes with httpx, which the core does without

        await anyio.sleep(seconds)
