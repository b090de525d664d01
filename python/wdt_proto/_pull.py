"""A pull without I/O: which call is next, and what becomes of one that fails for good.

Windows, pages and the state are the core's (``_native.Pull``); both clients run these steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _native
from ._errors import ApiError, MalformedResponseError, TransportError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ._exchange import Exchange, Steps
    from ._models import Batch, Dataclass, PullReport


class Pulling:
    """What the pulls of both clients share."""

    def __init__(  # noqa: PLR0913 - the arguments of a pull
        self,
        exchange: Exchange,
        method: str,
        params: Mapping[str, Any] | Dataclass | str | None,
        *,
        since: datetime | str,
        until: datetime | str | None,
        state: str | None,
        page_size: int | None,
        lag: int,
        overlap: int,
    ) -> None:
        """Begin, or go on from the state; nothing is sent yet."""
        self._exchange = exchange
        self._method = method
        self._machine = _native.Pull(
            method,
            params,
            since=since,
            until=until,
            now=exchange.now(),
            state=state,
            page_size=page_size,
            lag=lag,
            overlap=overlap,
            account=exchange.credentials.sid,
        )
        self._tells_warnings = True

    @property
    def report(self) -> PullReport:
        """Rows, calls, windows, and what failed, up to now: also while the pull runs."""
        return self._machine.report()

    @property
    def progress(self) -> float:
        """How much of the span is done, from 0 to 1."""
        return self._machine.thousandths() / 1000

    def __repr__(self) -> str:
        """Show the method and how far it is."""
        return f"<pull of {self._method}: {100 * self.progress:.1f} %>"

    def _next(self) -> Steps[Batch | None]:
        """Call until there is a batch; ``None`` at the end."""
        while (asked := self._machine.ask()) is not None:
            body, pager = asked
            request = self._exchange.request(self._method, raw_body=body, pager=pager)
            # All calls have the same warnings: the first tells them.
            tells_warnings, self._tells_warnings = self._tells_warnings, False
            # Rows are made into objects when they are proven whole, not before.
            call = self._exchange.call(request, tells_warnings=tells_warnings, wants_data=False)
            try:
                response = yield from call
            except (ApiError, MalformedResponseError, TransportError) as error:
                batch = self._failed(error)
            else:
                batch = self._machine.take(response.raw_data, response.total)
            if batch is not None:
                return batch
        return None

    def _failed(self, error: ApiError | MalformedResponseError | TransportError) -> Batch | None:
        """Pass over what the call was about, unless the next one would fail as well."""
        # It is not counted as failed: who goes on asks for it again.
        if self._machine.gives_up(error.kind if isinstance(error, ApiError) else None):
            raise error
        return self._machine.fail(str(error))
