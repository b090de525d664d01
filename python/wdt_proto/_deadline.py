"""A bound on one attempt as a whole: httpx bounds each read and write, and a reply may drip.

For tasks the event loop sees to it. For threads the sockets do: each read and write gets what is
left of the attempt's time.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import anyio
import httpcore
import httpx

from . import _texts

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator
    from types import TracebackType

_until: ContextVar[float | None] = ContextVar("wdt_proto_until", default=None)

# So much is written at a time: the time that is left is looked at in between.
_WRITE_BYTES = 65536


class Deadline:
    """When an attempt has to be over."""

    def __init__(self, seconds: float) -> None:
        """Begin now."""
        self.seconds = seconds
        self.until = time.monotonic() + seconds

    def check(self) -> None:
        """Raise ``httpx.ReadTimeout`` past it: also for transports that know nothing of it."""
        if time.monotonic() > self.until:
            raise httpx.ReadTimeout(self.text())

    def text(self) -> str:
        """Say what happened."""
        return str(_texts.TOO_LONG.of(seconds=round(self.seconds, 3)))


class within:  # noqa: N801 - read as a word: `with within(5):`
    """Bound what this thread does with the sockets of ``bounded`` transports."""

    def __init__(self, seconds: float) -> None:
        """Take the bound."""
        self._seconds = seconds

    def __enter__(self) -> Deadline:
        """Begin."""
        self._deadline = Deadline(self._seconds)
        self._token = _until.set(self._deadline.until)
        return self._deadline

    def __exit__(
        self, kind: object, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Say which time it was that ran out."""
        _until.reset(self._token)
        if isinstance(error, httpx.TimeoutException) and time.monotonic() > self._deadline.until:
            raise httpx.ReadTimeout(self._deadline.text()) from error


@contextmanager
def within_async(seconds: float) -> Iterator[Deadline]:
    """Bound what this task does."""
    deadline = Deadline(seconds)
    try:
        with anyio.fail_after(seconds):
            yield deadline
    except TimeoutError as error:
        raise httpx.ReadTimeout(deadline.text()) from error


def bounded(transport: httpx.HTTPTransport) -> httpx.HTTPTransport:
    """Make a transport of httpx's heed ``within``."""
    # httpx hands no backend through to its pool.
    transport._pool._network_backend = _Backend()  # noqa: SLF001
    return transport


def _left(timeout: float | None, late: type[Exception]) -> float | None:
    until = _until.get()
    if until is None:
        return timeout
    left = until - time.monotonic()
    if left <= 0:
        raise late
    return left if timeout is None else min(timeout, left)


class _Backend(httpcore.NetworkBackend):
    """The backend that httpcore takes by itself, its streams bounded."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.connect_tcp(host, port, left, local_address, socket_options))


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for at in range(0, len(buffer), _WRITE_BYTES):
            part = buffer[at : at + _WRITE_BYTES]
            self._inner.write(part, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - whatever it is asked for
        return self._inner.get_extra_info(info)
