"""The Wangdian flagship (旺店通旗舰版, qjb) open API: signing, exact requests, typed replies.

No I/O: send the request with the HTTP library you have.

>>> import wdt_proto
>>> creds = wdt_proto.Credentials("wdtapi3", "appkey", "testsecret:testsalt")
>>> req = wdt_proto.build_request(
...     creds, "sales.StockSync.cancelSync", 178238, -1, unix_time=1775791718
... )
>>> req.body
b'[178238,-1]'
>>> req.sign
'a0cb9982e675382a5872a46a1e785f7c'
>>> print(wdt_proto.validate("sales.StockSync.cancelSync", [178238, 1.5]).issues[0])
/1 (库存变化量): a whole number is due, not 1.5
>>> wdt_proto.parse_response(b'{"status":0,"data":{"stock_num":999999999999999.9999}}').data
{'stock_num': Decimal('999999999999999.9999')}
"""

from . import catalogue, stock_sync
from ._errors import (
    ApiError,
    CatalogueError,
    CredentialsError,
    MalformedResponseError,
    TransportError,
    ValidationError,
    VerifyError,
    WdtError,
)
from ._models import Explanation, Issue, Report, Response, UnknownSid, VerifiedCall
from ._native import (
    EPOCH_UNIX,
    FRESHNESS_SECONDS,
    MALFORMED_HEAD_BYTES,
    MAX_ISSUES,
    Credentials,
    Limits,
    Pager,
    SignedRequest,
    __version__,
    build_request,
    explain,
    parse_response,
    sign,
    validate,
    verify,
)

__all__ = [
    "EPOCH_UNIX",
    "FRESHNESS_SECONDS",
    "MALFORMED_HEAD_BYTES",
    "MAX_ISSUES",
    "ApiError",
    "CatalogueError",
    "Credentials",
    "CredentialsError",
    "Explanation",
    "Issue",
    "Limits",
    "MalformedResponseError",
    "Pager",
    "Report",
    "Response",
    "SignedRequest",
    "TransportError",
    "UnknownSid",
    "ValidationError",
    "VerifiedCall",
    "VerifyError",
    "WdtError",
    "__version__",
    "build_request",
    "catalogue",
    "explain",
    "parse_response",
    "sign",
    "stock_sync",
    "validate",
    "verify",
]
