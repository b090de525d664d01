"""The Wangdian flagship (旺店通旗舰版, qjb) open API: signing, exact requests, typed replies.

No I/O: send the request with the HTTP library you have, or let ``Client`` and ``AsyncClient`` do it
(``pip install 'wdt-proto[http]'``).

>>> import wdt_proto
>>> creds = wdt_proto.Credentials("wdtapi3", "appkey", "testsecret:testsalt")
>>> req = wdt_proto.build_request(
...     creds, "sales.StockSync.cancelSync", 178238, -1, unix_time=1775791718
... )
>>> req.body
b'[178238,-1]'
>>> req.sign
'a0cb9982e675382a5872a46a1e785f7c'
>>> print(wdt_proto.validate("sales.StockSync.cancelSync", [178238, 1.5]).issues[0].message)
/1 (库存变化量): expected a whole number, found 1.5
>>> wdt_proto.parse_response(b'{"status":0,"data":{"stock_num":999999999999999.9999}}').data
{'stock_num': Decimal('999999999999999.9999')}
"""

from typing import TYPE_CHECKING

from . import _lazy, _native, _texts, catalogue, stock_sync
from ._errors import (
    ApiError,
    CatalogueError,
    CredentialsError,
    MalformedResponseError,
    PagingError,
    PullError,
    TransportError,
    ValidationError,
    VerifyError,
    WdtError,
)
from ._models import (
    Batch,
    Explanation,
    Failure,
    Issue,
    PullReport,
    Report,
    Response,
    TypedRows,
    UnknownSid,
    VerifiedCall,
    Waiting,
)
from ._native import (
    EPOCH_UNIX,
    FRESHNESS_SECONDS,
    MALFORMED_HEAD_BYTES,
    MAX_ISSUES,
    Credentials,
    Limits,
    Pager,
    Request,
    SignedRequest,
    __version__,
    build_request,
    explain,
    failures,
    parse_response,
    sign,
    typed_rows,
    validate,
    verify,
)

if TYPE_CHECKING:
    from ._async_client import AsyncClient as AsyncClient
    from ._client import Client as Client
    from ._clock import Clock as Clock
    from ._exchange import tell_wait as tell_wait
    from ._limiter import Limiter as Limiter
    from ._paging import Progress as Progress
    from ._retry import Retry as Retry

# What only callers over HTTP need, so that the core costs no more to import and has no dependency.
_OF_THE_CLIENT = {
    "AsyncClient": "_async_client:AsyncClient",
    "Client": "_client:Client",
    "Clock": "_clock:Clock",
    "Limiter": "_limiter:Limiter",
    "Progress": "_paging:Progress",
    "Retry": "_retry:Retry",
    "tell_wait": "_exchange:tell_wait",
}

__all__ = [
    "EPOCH_UNIX",
    "FRESHNESS_SECONDS",
    "MALFORMED_HEAD_BYTES",
    "MAX_ISSUES",
    "ApiError",
    "Batch",
    "CatalogueError",
    "Credentials",
    "CredentialsError",
    "Explanation",
    "Failure",
    "Issue",
    "Limits",
    "MalformedResponseError",
    "Pager",
    "PagingError",
    "PullError",
    "PullReport",
    "Report",
    "Request",
    "Response",
    "SignedRequest",
    "TransportError",
    "TypedRows",
    "UnknownSid",
    "ValidationError",
    "VerifiedCall",
    "VerifyError",
    "Waiting",
    "WdtError",
    "__version__",
    "build_request",
    "catalogue",
    "explain",
    "failures",
    "parse_response",
    "sign",
    "stock_sync",
    "typed_rows",
    "validate",
    "verify",
]


_texts.language = _native.language

__getattr__ = _lazy.attributes(__name__, _OF_THE_CLIENT)


def __dir__() -> list[str]:
    """List what there is, with what ``__getattr__`` gives."""
    return sorted({*globals(), *_OF_THE_CLIENT})
