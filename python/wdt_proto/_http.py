"""What both clients know of httpx: how a request goes out, and what its failures mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

try:
    import httpx
except ImportError:
    raise ImportError(  # noqa: TRY003
        "wdt_proto.Client needs httpx: pip install 'wdt-proto[http]'",  # noqa: EM101
        name="httpx",
    ) from None

from ._exchange import Fault, Reply
from ._native import __version__, build_request

if TYPE_CHECKING:
    from ._native import Credentials, SignedRequest

__all__ = ["Address", "Received", "fault", "httpx", "options"]

DEFAULT_TIMEOUT = 30.0

# The request had not begun to leave: no connection, none free in the pool, no way through a proxy.
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


def options(
    timeout: float | httpx.Timeout | None, proxy: str | httpx.Proxy | None
) -> dict[str, Any]:
    """Give the arguments of the httpx client that we make ourselves."""
    return {
        "timeout": DEFAULT_TIMEOUT if timeout is None else timeout,
        "proxy": proxy,
        "headers": {"User-Agent": f"wdt-proto/{__version__}"},
        "follow_redirects": False,
    }


@dataclass(frozen=True)
class Address:
    """Where calls go to: without a query, and without the password that a proxy may want."""

    url: httpx.URL
    auth: tuple[str, str] | None

    @classmethod
    def of(cls, base_url: str, credentials: Credentials) -> Address:
        """Take a base URL apart; ``ValidationError`` if it is none."""
        any_request = build_request(credentials, "system.Core.now", level="off")
        url = httpx.URL(any_request.url(base_url).partition("?")[0])
        auth = (url.username, url.password) if url.userinfo else None
        return cls(url.copy_with(username=None, password=None), auth)

    def arguments(
        self, request: SignedRequest, timeout: float | httpx.Timeout | None
    ) -> dict[str, Any]:
        """Give what httpx is told of a request.

        The query, which carries the signature and the salt, goes past httpx as the ``target`` of
        its transport: httpx logs each request's URL, and whoever hooks into a client may do so too.
        """
        told: dict[str, Any] = {
            "method": "POST",
            "url": self.url,
            "content": request.body,
            "headers": request.headers,
            "extensions": {"target": self.url.raw_path + b"?" + request.query.encode()},
            "follow_redirects": False,
        }
        if timeout is not None:
            told["timeout"] = timeout
        if self.auth is not None:
            told["auth"] = self.auth
        return told


class Received:
    """A body as it comes in, up to the limit and one byte past it."""

    def __init__(self, max_bytes: int) -> None:
        """Start empty."""
        self._left = max_bytes + 1
        self._parts: list[bytes] = []

    def is_full_with(self, part: bytes) -> bool:
        """Take a part; whether the limit is passed, so that the rest need not be read."""
        self._parts.append(part[: self._left])
        self._left -= len(part)
        return self._left <= 0

    def reply(self, response: httpx.Response) -> Reply:
        """Make the reply of a response whose body this is."""
        return Reply(response.status_code, response.headers, b"".join(self._parts))


def fault(error: httpx.RequestError) -> Fault:
    """Tell what a failure of httpx means for the call."""
    what = type(error).__name__
    if text := str(error):
        what = f"{what}: {text}"
    return Fault(error, what, "not_sent" if isinstance(error, _NOT_SENT) else "unknown")
