"""When to try again, and after how long: the core's policy, in seconds."""

from __future__ import annotations

from dataclasses import dataclass

from ._native import Policy

# The core's; help() shows the numbers.
_ATTEMPTS, (_MAX, _ATTEMPT, _FIRST, _LONGEST, _CLOCK), _REST = Policy.defaults()


@dataclass(frozen=True)
class Retry:
    """How often and how long a call is tried.

    Every attempt is signed anew. After a failure that may pass (the platform's ``server`` errors,
    5xx, connection faults), attempt n + 1 comes after a random time between 0 and
    ``first_delay * 2 ** (n - 1)`` seconds, at most ``longest_delay``. After a rate limit the vendor
    asks for 5 to 10 minutes of rest: ``rest`` is the span that a random time is taken from.
    A server that says ``Retry-After`` is waited for instead, not shorter than the back-off; who
    shares the limiter waits along, not longer than the longest rest.

    Whatever has to be waited for, no attempt starts later than ``max_seconds`` after the first:
    where the wait would lead past that, the error is raised at once. So a call takes at most
    ``max_seconds + attempt_seconds`` from its first attempt on, 20 minutes by default; before that
    it waits for its turn. ``rest=None`` raises a rate limit at once, for programs that people wait
    for. ``Retry(attempts=1)`` never tries again.

    Raises ``ValueError`` for what cannot be: no attempts, negative times, an empty span.
    """

    attempts: int = _ATTEMPTS
    """The most attempts of one call, the first included: 5 by default."""
    max_seconds: float = _MAX
    """After so many seconds from the first attempt no other one starts: 900 by default."""
    first_delay: float = _FIRST
    """Up to how many seconds after the first failure: 0.5 by default."""
    longest_delay: float = _LONGEST
    """Up to how many seconds however many failures there were: 30 by default."""
    rest: tuple[float, float] | None = _REST
    """Least and most seconds of rest after a rate limit, 300 and 600; ``None``: raise it."""
    attempt_seconds: float = _ATTEMPT
    """The longest that one attempt may take, however slowly its reply drips in: 300 by default."""
    clock_error: float = _CLOCK
    """By how many seconds the server's clock may differ from this one and be believed, a day by
    default: a call that is signed for next year stays valid until then."""

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        times = (
            self.max_seconds,
            self.attempt_seconds,
            self.first_delay,
            self.longest_delay,
            self.clock_error,
        )
        # Not a field: it is neither shown nor compared.
        object.__setattr__(self, "_policy", Policy(self.attempts, times, self.rest))

    @property
    def policy(self) -> Policy:
        """The same for the core."""
        policy: Policy = self.__dict__["_policy"]
        return policy

    def backoff(self, failures: int, chance: float) -> float:
        """Seconds to wait after so many failures: full jitter, ``chance`` from 0 to 1."""
        return self.policy.backoff(failures, chance)

    def rest_after_rate_limit(self, chance: float) -> float | None:
        """Seconds to rest, ``None`` for not at all."""
        return self.policy.rest_after_rate_limit(chance)

    def __reduce__(self) -> tuple[type[Retry], tuple[object, ...]]:
        """Pickle the fields alone."""
        return Retry, tuple(getattr(self, name) for name in self.__dataclass_fields__)
