"""What both clients know of httpx: how a request goes out, and what its failures mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies, proxy_bypass

from . import _texts

try:
    import httpx
except ImportError:
    raise ImportError(str(_texts.NO_HTTPX), name="httpx") from None

from ._deadline import bounded, within, within_async
from ._exchange import Fault, Reply
from ._native import __version__, endpoint

if TYPE_CHECKING:
    from ._models import Fate
    from ._native import SignedRequest

__all__ = [
    "Address",
    "AsyncTransport",
    "Received",
    "Transport",
    "fault",
    "httpx",
    "options",
    "within",
    "within_async",
]

DEFAULT_TIMEOUT = 30.0

# The request had not begun to leave: no connection, none free in the pool, no way through a proxy.
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


@dataclass(frozen=True)
class Address:
    """Where calls go to: without a query, and without the password that a gateway may want."""

    url: httpx.URL
    auth: tuple[str, str] | None

    @classmethod
    def of(cls, base_url: str) -> Address:
        """Take a base URL apart; ``ValidationError`` if it is none."""
        url = httpx.URL(endpoint(base_url, "base_url"))
        auth = (url.username, url.password) if url.userinfo else None
        return cls(url.copy_with(username=None, password=None), auth)

    def proxy(self) -> str | None:
        """Give the proxy that the environment has for this address."""
        proxies = getproxies()
        proxy = proxies.get(self.url.scheme) or proxies.get("all")
        if not proxy or proxy_bypass(self.url.netloc.decode("ascii")):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"

    def arguments(self, request: SignedRequest) -> dict[str, Any]:
        """Give what httpx is told of a request; the query only the transport is told."""
        told: dict[str, Any] = {
            "method": "POST",
            "url": self.url,
            "content": request.body,
            "headers": request.headers,
            "extensions": {_QUERY: request.query.encode()},
        }
        if self.auth is not None:
            told["auth"] = self.auth
        return told


def options(timeout: float | httpx.Timeout | None) -> dict[str, Any]:
    """Give the arguments of both httpx clients but for the transport."""
    return {
        "timeout": DEFAULT_TIMEOUT if timeout is None else timeout,
        "headers": {"User-Agent": f"wdt-proto/{__version__}"},
        "follow_redirects": False,
    }


# The signed query holds the signature and the salt, and httpx logs each request's URL. So the
# client of httpx sees the address alone, and the query joins it below, on the way out.
_QUERY = "wdt_query"


def _with_query(request: httpx.Request) -> httpx.Request:
    extensions = dict(request.extensions)
    return httpx.Request(
        request.method,
        request.url.copy_with(query=extensions.pop(_QUERY)),
        headers=request.headers,
        stream=request.stream,
        extensions=extensions,
    )


class Transport(httpx.BaseTransport):
    """Puts the query into the URL; ours, or one of the user's, which stays open."""

    def __init__(self, given: httpx.BaseTransport | None, proxy: httpx.Proxy | str | None) -> None:
        """Take the user's transport, or make one."""
        self._own = given is None
        self._inner = given or bounded(httpx.HTTPTransport(proxy=proxy))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        return self._inner.handle_request(_with_query(request))

    def close(self) -> None:
        """Close what is ours."""
        if self._own:
            self._inner.close()


class AsyncTransport(httpx.AsyncBaseTransport):
    """The same for tasks."""

    def __init__(
        self, given: httpx.AsyncBaseTransport | None, proxy: httpx.Proxy | str | None
    ) -> None:
        """Take the user's transport, or make one."""
        self._own = given is None
        self._inner = given or httpx.AsyncHTTPTransport(proxy=proxy)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        return await self._inner.handle_async_request(_with_query(request))

    async def aclose(self) -> None:
        """Close what is ours."""
        if self._own:
            await self._inner.aclose()


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
    fate: Fate = "not_sent" if isinstance(error, _NOT_SENT) else "unknown"
    # httpx's own words: they are in English alone.
    return Fault(error, _texts.Text(what, what), fate)
