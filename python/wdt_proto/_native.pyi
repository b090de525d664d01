from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal, final

from ._models import (
    Batch,
    Dataclass,
    Explanation,
    Failure,
    Issue,
    Level,
    Method,
    PullReport,
    Report,
    Response,
    TypedRows,
    UnknownSid,
    VerifiedCall,
)

__all__ = [
    "BATCH_CALC_STOCK",
    "CALC_STOCK",
    "CALLS_PER_MINUTE",
    "CANCEL_SYNC",
    "EPOCH_UNIX",
    "FRESHNESS_SECONDS",
    "GET_SELF_WAIT_SYNC_ID_LIST_OPEN",
    "MALFORMED_HEAD_BYTES",
    "MAX_ISSUES",
    "SYNC_FAIL",
    "SYNC_SUCCESS",
    "Credentials",
    "Exchange",
    "Limits",
    "Lines",
    "Pace",
    "Pager",
    "Pages",
    "Policy",
    "Pull",
    "Request",
    "ServerClock",
    "SignedRequest",
    "Turn",
    "__version__",
    "build_request",
    "endpoint",
    "explain",
    "failures",
    "language",
    "method",
    "methods",
    "parse_response",
    "register",
    "sign",
    "sync_info",
    "typed_rows",
    "validate",
    "verify",
    "waiting",
    "writes",
]

__version__: str
EPOCH_UNIX: int
FRESHNESS_SECONDS: int
CALLS_PER_MINUTE: int
MALFORMED_HEAD_BYTES: int
MAX_ISSUES: int

GET_SELF_WAIT_SYNC_ID_LIST_OPEN: str
CALC_STOCK: str
BATCH_CALC_STOCK: str
SYNC_SUCCESS: str
SYNC_FAIL: str
CANCEL_SYNC: str

@final
class Credentials:
    """What signs a request: the merchant's sid, the application's key, and its app secret.

    ``app_secret`` is the whole ``secret:salt`` that the platform issued. The secret is never
    shown, not by ``repr`` either, and cannot be read back; it is wiped when the object goes.

    Raises ``CredentialsError``, which names the part that is empty, holds a control character, has
    blanks around it, or lacks its colon.
    """

    def __new__(cls, sid: str, key: str, app_secret: str) -> Credentials: ...
    @classmethod
    def from_env(cls) -> Credentials:
        """Take the credentials from ``WDT_SID``, ``WDT_APPKEY`` and ``WDT_APPSECRET``.

        The last is the whole ``secret:salt``. Raises ``CredentialsError``, which names the
        variables that are not set, or are empty, and never shows a value.
        """
    @property
    def sid(self) -> str:
        """The merchant's account (卖家账号)."""
    @property
    def key(self) -> str:
        """The application's key (appkey)."""
    @property
    def salt(self) -> str:
        """The public half of the app secret; every query carries it."""

@final
class Pager:
    """Which page of a paged method; travels in the query, never in the body.

    ``page_no`` counts from 0. Ask for the total (``calc_total``, also as 1 or 0) on the first page
    only: the server counts all rows for it.

    Raises ``ValidationError`` for a ``page_size`` below 1 or a negative ``page_no``.
    """

    def __new__(
        cls, page_size: int, page_no: int = 0, calc_total: bool | Literal[0, 1] = False
    ) -> Pager: ...
    @property
    def page_size(self) -> int:
        """Rows per page."""
    @property
    def page_no(self) -> int:
        """The page's number, from 0."""
    @property
    def calc_total(self) -> bool:
        """Whether the total is asked for."""
    def __getnewargs__(self) -> tuple[int, int, bool]: ...
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Limits:
    """Bounds on one body, of a request or of a reply.

    By default 32 MiB (33,554,432 bytes) and 128 nested arrays and objects. What exceeds them is
    refused with an exception.
    """

    def __new__(cls, *, max_bytes: int | None = None, max_depth: int | None = None) -> Limits: ...
    @property
    def max_bytes(self) -> int:
        """The most bytes that a body may have."""
    @property
    def max_depth(self) -> int:
        """The most arrays and objects that may be open at once."""
    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, int]]: ...
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Lines:
    """One line an issue, warnings among errors marked, and one for those that were left out.

    The core makes them when they are read; a pickle holds them made.
    """

    def __new__(cls, text: str, text_zh: str) -> Lines: ...
    @property
    def text(self) -> str:
        """The lines in English."""
    @property
    def text_zh(self) -> str:
        """The lines in Chinese."""
    def __getnewargs__(self) -> tuple[str, str]: ...
    def __eq__(self, value: object, /) -> bool: ...

@final
class Policy:
    """The policy of a ``Retry``, as the core has it: times in seconds.

    Raises ``ValueError`` for what cannot be.
    """

    def __new__(
        cls,
        attempts: int,
        times: tuple[float, float, float, float, float],
        rest: tuple[float, float] | None,
    ) -> Policy: ...
    @staticmethod
    def defaults() -> tuple[
        int, tuple[float, float, float, float, float], tuple[float, float] | None
    ]:
        """Give the attempts, the times and the rest that count where nothing else is said."""
    def backoff(self, failures: int, chance: float) -> float:
        """Seconds to wait after so many failures; ``chance`` is from 0 to 1."""
    def rest_after_rate_limit(self, chance: float) -> float | None:
        """Seconds to rest after a rate limit; ``None`` for none."""

@final
class ServerClock:
    """The server's clock as far as it is known: all calls of a client share one."""

    def __new__(cls) -> ServerClock: ...
    def unix(self, local: float) -> int:
        """Give the server's time at this local time, in whole Unix seconds."""

@final
class Exchange:
    """One call: do what ``step`` says, tell what came of it, until there is a response.

    Without ``wants_data`` the response has its ``raw_data`` alone.
    """

    def __new__(
        cls,
        method: str,
        writes: bool,
        policy: Policy,
        limits: Limits,
        *,
        repeats_writes: bool,
        wants_data: bool,
    ) -> Exchange: ...
    def step(
        self, at: float
    ) -> tuple[Literal["turn", "send", "again", "rest"], float | None] | None:
        """Give what is to be done, and the latest time for it.

        ``turn``, ``send``, or to wait: ``again`` for another attempt, ``rest`` after a rate limit.
        """
    def turn(self, at: float) -> None:
        """Tell that the limiter gave a turn."""
    def no_turn(self) -> Exception:
        """Give the exception of a call that gets no turn in time."""
    def reply(
        self,
        now: tuple[float, float, float],
        clock: ServerClock,
        status: int,
        headers: tuple[str, str],
        body: bytes,
    ) -> Response | None:
        """Tell a reply, of its headers ``Date`` and ``Retry-After``.

        Give the response, or ``None`` where another attempt is to follow.
        """
    def fault(
        self,
        now: tuple[float, float, float],
        error: BaseException,
        is_unknown: bool,
        text: str,
        text_zh: str,
    ) -> None:
        """Tell that no whole reply came, what was raised, and whether the call may have left."""
    def attempt(
        self,
    ) -> tuple[int, tuple[str, str], float, float | None, float | None, float | None]:
        """Give the latest attempt.

        Its number, what came of it in both languages, the seconds that it took, those to the next
        one, until when all are to rest, by how many seconds the clock was off.
        """

def waiting(
    method: str, seconds: float, why: Literal["turn", "rest", "again"]
) -> tuple[str, str] | None:
    """Give the text for who waits, in both languages; ``None`` where the wait is not worth one."""

@final
class Turn:
    """A turn that ``Pace.reserve`` gave."""

@final
class Pace:
    """The window of one account: at most so many calls in any minute.

    Raises ``ValueError`` below 1.
    """

    def __new__(cls, per_minute: int) -> Pace: ...
    @property
    def per_minute(self) -> int:
        """How many calls fit into a minute."""
    def reserve(self, now: float, latest: float) -> tuple[Turn, float] | None:
        """Take the next turn, and tell when it is due; ``None`` if after ``latest``."""
    def due(self, turn: Turn, now: float) -> float:
        """Tell when a turn is due; where that is not after ``now``, the turn is used."""
    def give_back(self, turn: Turn) -> None:
        """Give back a turn whose call does not go out."""
    def rest(self, until: float) -> None:
        """Let nobody call before ``until``."""
    def waits_for(self, now: float) -> Literal["turn", "rest"]:
        """Tell what those wait for who wait now: ``turn`` or ``rest``."""

@final
class Pages:
    """The pages of one query: ``ask`` for a page, ``take`` its reply, until it is ``None``.

    The arguments are those of ``Client.pages``. Raises ``PagingError`` for a method that is not
    paged, and ``ValidationError`` for a page size that is none.
    """

    def __new__(
        cls,
        method: str,
        *,
        page_size: int | None = None,
        rows: str | None = None,
        calc_total: bool = True,
        drain: bool = False,
    ) -> Pages: ...
    def ask(self) -> Pager | None:
        """Give the next page; ``None`` at the end."""
    def take(self, raw_data: str | None, total: int | None) -> tuple[str | None, list[int]]:
        """Take the reply: its ``raw_data`` and ``total``.

        Give the list that holds its rows, ``None`` for ``data`` itself, and which of them are new.
        """
    def progress(self) -> tuple[int, int, int | None]:
        """Tell the pages received, the rows handed out, and the total."""

@final
class Pull:
    """A pull without I/O: ``ask`` what to call, ``take`` the reply, until there is nothing to ask.

    ``now`` is in Unix seconds; the other arguments are those of ``Client.pull``.

    Raises ``PullError`` for a method or a state that does not fit, and ``ValidationError`` for
    arguments that are no JSON and times that are none.
    """

    def __new__(
        cls,
        method: str,
        params: Mapping[str, Any] | Dataclass | str | None = None,
        *,
        since: datetime | str,
        now: int,
        until: datetime | str | None = None,
        state: str | None = None,
        page_size: int | None = None,
        lag: int = 60,
        overlap: int = 600,
        account: str | None = None,
    ) -> Pull: ...
    def ask(self) -> tuple[str, Pager] | None:
        """Give the next call's body, a JSON array, and its page; ``None`` at the end."""
    def take(self, raw_data: str | None, total: int | None) -> Batch | None:
        """Take the reply: its ``raw_data`` and ``total``. ``None`` where no window is whole yet."""
    def fail(self, why: str) -> Batch | None:
        """Tell that the call failed for good, and why: its part of the span is passed over."""
    def gives_up(self, kind: str | None) -> bool:
        """Whether a failed call is raised, not passed over; ``kind`` is that of an ``ApiError``."""
    def report(self) -> PullReport:
        """Tell what has been done so far."""
    def thousandths(self) -> int:
        """Tell how much of the span is done, in thousandths."""

@final
class Request:
    """A request but for credentials and time: build it once, sign it for each attempt.

    The arguments are those of ``build_request``, which builds and signs in one step. They are
    converted, held against the catalogue and written here, once; ``sign`` reads the bytes.

    Raises ``ValidationError``, whose issues name the field.
    """

    def __new__(
        cls,
        method: str,
        *args: object,
        pager: Pager | None = None,
        level: Level = "documented",
        raw_body: bytes | bytearray | str | None = None,
        limits: Limits | None = None,
    ) -> Request: ...
    @property
    def method(self) -> str:
        """The method's name."""
    @property
    def pager(self) -> Pager | None:
        """The paging parameters, if any."""
    @property
    def body(self) -> bytes:
        """The bytes that will be signed and sent."""
    @property
    def warnings(self) -> list[Issue]:
        """What the catalogue found odd and the platform is known to take."""
    def sign(self, credentials: Credentials, unix_time: int | None = None) -> SignedRequest:
        """Sign, as often as need be: the server refuses a timestamp 120 s away from its own.

        ``unix_time`` is in whole Unix seconds; ``None`` means now. All signatures share one body.

        Raises ``ValidationError`` for a time before 2012, and for milliseconds.
        """

@final
class SignedRequest:
    """A request ready to send: POST ``url(base)`` with ``headers`` and exactly ``body``.

    What is signed is what must be sent: do not parse and write the body again on the way. Sign
    anew for every attempt: the server refuses a timestamp 120 s away from its own.
    """

    @property
    def sign(self) -> str:
        """The signature, also in the query."""
    @property
    def timestamp(self) -> int:
        """The signed time, in seconds since the platform's epoch."""
    @property
    def query(self) -> str:
        """The query string, percent-encoded, without ``?``; it never holds the secret."""
    @property
    def query_pairs(self) -> list[tuple[str, str]]:
        """The query as raw pairs, for an HTTP library that encodes by itself."""
    @property
    def body(self) -> bytes:
        """The bytes to send."""
    @property
    def headers(self) -> dict[str, str]:
        """The HTTP headers to send."""
    @property
    def warnings(self) -> list[Issue]:
        """What the catalogue found odd and the platform is known to take."""
    def url(self, base: str) -> str:
        """Give the whole URL for a server's address, with or without ``/openapi`` behind it.

        Prefer an ``https://`` base where the merchant has one: over plain HTTP anybody on the way
        reads the orders.

        Raises ``ValidationError`` for a base that is no http(s) address, or one of another edition.
        """

def methods() -> list[Method]:
    """List all methods: the registered ones, then the built-in ones, sorted by name."""

def method(name: str) -> Method | None:
    """Find the method of this name, ``None`` for one that the catalogue does not know."""

def writes(name: str) -> bool:
    """Tell whether a call may change something; one that the catalogue does not know may."""

def language() -> Literal["en", "zh"]:
    """Give the language that texts are shown in: ``"en"`` or ``"zh"``.

    The first of ``WDT_LANG``, ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` that is set decides.
    """

def endpoint(base: str, name: str) -> str:
    """Give the address that requests go to: ``base`` with ``/openapi`` behind it.

    Raises ``ValidationError`` about the argument ``name`` for a base that is no http(s) address,
    or one of another edition.
    """

def sync_info(calculated: dict[str, Any] | str, success: bool, result: str) -> Any:  # noqa: ANN401
    """Make the ``info`` of a report from one calculated good, a ``dict`` or its JSON."""

def register(json_text: str) -> None:
    """Add a method, for the whole process, from the text of a catalogue file.

    It may be a method that the vendor has added since, or one documented otherwise for you; one of
    the same name is replaced. ``catalogue/schema/method.schema.json`` in the source describes the
    format.

    Raises ``CatalogueError``, which names the field or the place in the text.
    """

def build_request(
    creds: Credentials,
    method: str,
    *args: object,
    pager: Pager | None = None,
    unix_time: int | None = None,
    level: Level = "documented",
    raw_body: bytes | bytearray | str | None = None,
    limits: Limits | None = None,
) -> SignedRequest:
    """Build and sign a request to ``method`` with positional arguments: the short way.

    Who signs the same arguments more than once makes a ``Request``, and signs that.

    Arguments may be made of ``str``, ``int``, ``bool``, ``None``, ``Decimal``, ``float`` (its
    ``repr``), ``datetime`` (Beijing time; one without a zone is Beijing time already), ``dict``,
    ``list``, ``tuple`` and dataclasses. Numbers reach the wire to the last digit. Instead of
    arguments, ``raw_body`` gives a JSON array that is signed and sent byte for byte.

    The arguments are first held against the catalogue. ``level`` is ``"documented"`` (what is
    merely odd, with no proof that the platform refuses it, becomes one of its ``warnings``),
    ``"strict"`` (every issue refuses) or ``"off"``.

    ``unix_time`` is in whole Unix seconds; ``None`` means now.

    Raises ``ValidationError``, whose issues name the field.
    """

def explain(
    creds: Credentials,
    method: str,
    *args: object,
    pager: Pager | None = None,
    unix_time: int | None = None,
    raw_body: bytes | bytearray | str | None = None,
    limits: Limits | None = None,
) -> Explanation:
    """Show what ``build_request`` would sign: for people who hunt a mismatch.

    The canonical string has ``***`` in the secret's place; ``length`` is that of the real one.
    """

def validate(
    method: str,
    body: bytes | bytearray | str | list[Any],
    level: Level = "documented",
    *,
    limits: Limits | None = None,
) -> Report:
    """Hold the arguments of a call against the catalogue, without building a request.

    ``body`` is JSON as ``bytes`` or ``str``, or a ``list`` of arguments. ``level`` is
    ``"documented"`` (an error needs a proof; what is merely odd is a warning),
    ``"strict"`` (every issue is an error) or ``"off"`` (only the body's shape is looked at).
    """

def parse_response(body: bytes | bytearray | str, *, limits: Limits | None = None) -> Response:
    """Parse a server's reply. Whole numbers become ``int``, others ``Decimal``.

    Raises ``ApiError`` when the status is not 0, even where there is data, and
    ``MalformedResponseError`` when the body is no reply of the platform's.
    """

def typed_rows(
    method: str,
    rows: list[Any] | dict[str, Any] | bytes | bytearray | str | None,
    *,
    limits: Limits | None = None,
) -> TypedRows:
    """Give the rows of a query with each documented field as its type, whatever form it came in.

    ``rows`` is the list of rows, or the reply's whole ``data``: Python objects as
    ``parse_response`` gives them, or JSON (``Response.raw_data``), which is faster. Amounts come as
    ``Decimal``, whole numbers as ``int``, flags as ``bool``, times as ``datetime`` in Beijing time,
    texts as ``str``, all of them to the last digit; an empty text in the place of a time comes as
    ``None``. What nobody documents is as it came, and so is what does not fit its field: that is
    reported in ``issues`` of the list that is returned.

    Raises ``ValidationError`` for a method that the catalogue does not know or whose rows it does
    not, and for what is neither a list of rows nor such ``data``.

    >>> rows = typed_rows("sales.TradeQuery.queryWithDetail", [{"paid": "1.50", "is_sealed": 0}])
    >>> rows
    [{'paid': Decimal('1.50'), 'is_sealed': False}]
    >>> rows.issues
    []
    """

def failures(response: Response, method: str | None = None) -> list[Failure]:
    """List what a writing call refused under status 0: such a reply looks like a success.

    The client puts its method on the response; for one of ``parse_response`` it may be given.
    Where it is not known, the places of all methods are looked at whose refusals are objects with
    a reason. A method whose page shows no such list has none.

    >>> body = b'{"status":0,"data":{"error_list":[{"no":"A7","error":"no shop"}]}}'
    >>> failures(parse_response(body), "sales.RawTrade.pushSelf2")
    [Failure(key='A7', code='', message='no shop')]
    """

def verify(
    query: str,
    body: bytes | bytearray | str,
    lookup: Callable[[str, str], str | type[UnknownSid] | None],
    unix_time: int | None = None,
) -> VerifiedCall:
    """Check a received call: the receiving side, for a server of your own.

    ``lookup(sid, key)`` returns ``"secret:salt"``, ``None`` for a key that is unknown, or the
    class ``UnknownSid`` where not even the sid is known; what it raises goes through.
    ``unix_time`` is the server's clock; ``None`` means now.

    Raises ``VerifyError``, which names the check that failed.
    """

def sign(secret: str, params: dict[str, str] | dict[str, bytes] | dict[str, str | bytes]) -> str:
    """Sign any parameters: the bare algorithm.

    ``params`` are the query parameters with their raw values plus ``body``; a ``sign`` among
    them is left out. ``secret`` is the part of the app secret before the first colon.

    Raises ``CredentialsError`` for a ``secret`` that UTF-8 cannot carry.
    """
