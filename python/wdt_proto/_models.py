"""What the functions return: plain, frozen, typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from . import _texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._native import Lines, Pager

ErrorKind = Literal[
    "authentication",
    "parameter",
    "server",
    "permission",
    "timestamp",
    "version",
    "rate_limit",
    "business",
    "unknown",
]
"""What an error status means for the caller."""

Severity = Literal["warning", "error"]
"""A warning is reported; an error refuses the request."""

Level = Literal["strict", "documented", "off"]
"""How strictly arguments are held against the documentation."""

Fate = Literal["not_sent", "unknown"]
"""What is known of a call without an answer: the platform did not get it, or it may have."""

WaitFor = Literal["turn", "rest", "again"]
"""What a wait is for."""

VerifyCheck = Literal[
    "malformed_query",
    "missing_parameter",
    "duplicate_parameter",
    "unknown_sid",
    "unknown_key",
    "wrong_version",
    "malformed_timestamp",
    "stale_timestamp",
    "wrong_salt",
    "wrong_signature",
    "pager",
]
"""Which check of ``verify`` failed."""


IssueCode = Literal[
    "not_json",
    "not_an_array",
    "argument_count",
    "missing",
    "null",
    "type",
    "coercible_type",
    "out_of_range",
    "scale",
    "too_long",
    "unknown_field",
    "duplicate_field",
    "unsupported_character",
    "format",
    "enum",
    "span",
    "batch",
    "unknown_method",
]
"""The kind of an issue; stable. A later version may add some."""


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong with a request.

    ``str()`` gives ``message`` or ``message_zh``: the language of the first of ``WDT_LANG``,
    ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` that is set.
    """

    pointer: str
    """Where in the body, as a JSON pointer; empty for the whole and for what lies outside it."""
    code: IssueCode
    """The kind of issue: ``not_json``, ``out_of_range``, …; stable."""
    severity: Severity
    """``warning`` or ``error``."""
    message: str
    """One line for people that names the place and says what to do."""
    label: str
    """The field's label, or the parameter's name; empty where there is neither."""
    message_zh: str = field(default="", compare=False, repr=False)
    """``message`` in Chinese; the same as ``message`` where none is given."""

    def __post_init__(self) -> None:
        """Have a text for both."""
        if not self.message_zh:
            object.__setattr__(self, "message_zh", self.message)

    def __str__(self) -> str:
        """Give the message in the language of the person at this machine."""
        return self.message_zh if _texts.language() == "zh" else self.message


@dataclass(frozen=True)
class Report:
    """What ``validate`` found.

    ``str()`` gives one line an issue, in the language of the person at this machine.
    """

    ok: bool
    """Whether there is no error; there may be warnings."""
    issues: list[Issue]
    """The issues in the order of the body, at most ``MAX_ISSUES`` errors and as many warnings."""
    omitted: int
    """How many more there are."""
    _lines: Lines | None = field(default=None, repr=False, compare=False)

    @property
    def text(self) -> str:
        """One line an issue, warnings among errors marked, and one for those left out."""
        if self._lines is None:
            return _texts.lines(self.issues, self.omitted).en
        return self._lines.text

    @property
    def text_zh(self) -> str:
        """The same in Chinese."""
        if self._lines is None:
            return _texts.lines(self.issues, self.omitted).zh
        return self._lines.text_zh

    def __str__(self) -> str:
        """Give the lines in the language of the person at this machine."""
        return self.text_zh if _texts.language() == "zh" else self.text


@dataclass(frozen=True)
class Field:
    """A field of the catalogue: an argument, a part of one, or a part of a reply."""

    name: str
    """The name on the wire."""
    label: str
    """The vendor's label: 最后同步库存量."""
    type: str
    """``string(40)``, ``int``, ``decimal(19,4)``, ``list<object>``, …."""
    required: bool
    """Whether the vendor's page marks it as required."""
    may_be_missing: bool
    """Whether, though required, its absence is only a warning by default."""
    codes: dict[str, str] = field(hash=False)
    """The documented values and what they mean; the vendor adds values."""
    min: int | None
    """The smallest number."""
    max: int | None
    """The largest number."""
    max_items: int | None
    """The most elements of a list, or values of a joined string."""
    separator: str | None
    """What joins several values in one string."""
    format: str | None
    """How a date-time is written."""
    fields: tuple[Field, ...]
    """The fields of an object, or of each object of a list."""
    is_time: bool = False
    """Whether it holds a moment: typed as one, or as text and written as one in examples."""


@dataclass(frozen=True)
class Span:
    """The span of time that a query filters on. Whether its ends belong to it no page says."""

    start: str
    """The field that begins it."""
    end: str
    """The field that ends it."""
    filters_on: str
    """Which time of a row it is held against by default: ``modified``, ``created``, ``consigned``,
    ``paid``; empty where the page does not say."""
    filters_on_guess: str
    """The same where the page does not say. Nobody has confirmed it."""
    row_field: str
    """The field of a row that carries that time; empty where rows do not carry it."""
    required: str
    """Whether a query needs one: ``yes``, ``no``, ``conditional``; empty: the page is silent."""
    modified_params: dict[str, Any] | None = field(hash=False)
    """What to send besides so that it means the time of change: ``{}`` where it does so by default,
    ``None`` where it cannot."""
    precision: str
    """``seconds`` or ``days``; empty where the page does not say."""
    instead: tuple[str, ...]
    """Filters that may stand in for it; ``+`` joins those that go together."""


@dataclass(frozen=True)
class FailureList:
    """Where a writing call's reply lists what was refused though its status is 0."""

    list: str
    """The list, as a JSON pointer into the reply."""
    key: str
    """The name, in an element, of what ties it to what was sent; empty where nothing does."""
    code: str
    """The name of the refusal's code; empty where there is none."""
    message: str
    """The name of the refusal's text; empty where an element is the text itself."""
    sent: str
    """The path of the argument that ``key`` repeats: ``/params/rawTradeList/tid``."""


@dataclass(frozen=True)
class Method:
    """A method of the catalogue."""

    name: str
    """The name on the wire."""
    title: str
    """The vendor's title."""
    category: str
    """The vendor's category; empty where none is known."""
    since: str
    """The platform version that brought the method; empty where none is known."""
    replaced_by: str
    """The method that the vendor wants called instead; empty where there is none."""
    documented: bool
    """Whether its arguments are documented; those of the others are not checked."""
    writes: bool
    """Whether a call may change something, so that it must not be repeated blindly."""
    paged: bool
    """Whether it takes a ``Pager``."""
    own_platform_only: bool
    """Whether it is for merchants whose shop is their own platform (自有平台)."""
    qimen_only: bool
    """Whether it is only reached through the Qimen gateway (奇门)."""
    page_size_max: int | None
    """The largest ``page_size``, where one is documented."""
    page_size_advised: int | None
    """The ``page_size`` that the vendor advises, where it does."""
    max_span_minutes: int | None
    """The longest span between start and end time of one query, in minutes."""
    max_batch: int | None
    """How many documents one call may carry."""
    rows: str | None
    """The list in ``data`` that holds a query's rows; empty: ``data`` is the list."""
    row_key: tuple[str, ...]
    """The fields that tell two rows apart, as the page has them."""
    row_key_guess: tuple[str, ...]
    """The fields that seem to, where the page names none. Nobody has confirmed it."""
    span: Span | None
    """The span of time that a query filters on."""
    excludes: tuple[str, ...]
    """The platforms whose rows are not returned (淘系, …)."""
    history_of: str
    """The method whose archived rows this one returns; empty where it is no archive."""
    pages_from_back: bool
    """Whether the page advises to read the last page first."""
    has_cursor: bool
    """Whether it is read on from a position among its arguments, not by page numbers."""
    failures: FailureList | None
    """Where a writing call's reply lists what was refused though its status is 0."""
    params: tuple[Field, ...]
    """The positional arguments, in order."""
    response: tuple[Field, ...]
    """The reply's top-level fields."""

    def __hash__(self) -> int:
        """Take the name: it tells methods apart."""
        return hash(self.name)

    def __repr__(self) -> str:
        """Show the name: the fields would fill pages."""
        return f'Method("{self.name}")'


@dataclass(frozen=True)
class Response:
    """A call that succeeded."""

    data: Any
    """``data`` as Python objects, whole numbers as ``int``, others as ``Decimal``."""
    _raw: bytes | None = field(repr=False)
    total: int | None
    """The total of a paged query that asked for it."""
    # Of the call, not of the reply: it counts for no comparison.
    method: str = field(default="", repr=False, compare=False)
    """The method that ``Client.call`` called; empty for a reply that ``parse_response`` read."""
    # Of the call, not of the reply: they count for no comparison. A tuple as the default: what was
    # pickled without any has none.
    _warnings: tuple[Issue, ...] = field(default=(), repr=False, compare=False)

    @property
    def warnings(self) -> list[Issue]:
        """What the catalogue found odd in the request; empty for a reply without one.

        ``Client.call`` logs them too, and puts them here.
        """
        return list(self._warnings)

    def __repr__(self) -> str:
        """Show data and total, and warnings where there are any."""
        more = f", warnings={self.warnings!r}" if self._warnings else ""
        return f"Response(data={self.data!r}, total={self.total!r}{more})"

    @property
    def raw_data(self) -> str | None:
        """``data`` as the exact JSON text, ``None`` where the reply has none."""
        # Few ask for it, and decoding a large text takes as long as reading all its numbers.
        return None if self._raw is None else self._raw.decode()


class TypedRows(list[Any]):
    """The rows of a query, each documented field as its type: a list, with what did not fit."""

    issues: list[Issue]
    """What did not fit its field, and so is as it came: warnings with pointers into this list
    (``/3/modified``), at most ``MAX_ISSUES``."""
    omitted: int
    """How many more there are."""

    def __init__(
        self, rows: Iterable[Any] = (), issues: Iterable[Issue] = (), omitted: int = 0
    ) -> None:
        """Take the rows, and what did not fit."""
        super().__init__(rows)
        self.issues = list(issues)
        self.omitted = omitted


@dataclass(frozen=True)
class Failure:
    """A document, or row, that a writing call refused though its status is 0.

    Each text is as the server wrote it; of a number, its digits. Empty where there is none.
    """

    key: str
    """What ties it to what was sent: an order's number, say."""
    code: str
    """The server's code for it."""
    message: str
    """Why it was refused; the whole element of the reply where that names no reason."""


@dataclass(frozen=True)
class Explanation:
    """What was signed."""

    canonical: str
    """The canonical string, with ``***`` where the secret stands at both ends."""
    length: int
    """The length in bytes of the real canonical string, the secret included twice."""
    sign: str
    """The signature."""


@dataclass(frozen=True)
class VerifiedCall:
    """A received call whose signature, time and version are right."""

    sid: str
    """The merchant's account."""
    key: str
    """The application's key."""
    method: str
    """The method called."""
    timestamp: int
    """The caller's clock, in seconds since the platform's epoch."""
    unix_time: int
    """The same in Unix seconds."""
    pager: Pager | None
    """Paging, where the query has it."""
    body: bytes
    """The body as received."""


@dataclass(frozen=True)
class Waiting:
    """A wait of more than half a minute; ``str()`` says it in the reader's language."""

    method: str
    """The method that is to be called."""
    seconds: float
    """How long."""
    why: WaitFor
    """``turn``: the calls of this minute are used up; ``rest``: the platform refused for too many;
    ``again``: an attempt failed."""
    text: str
    """The whole text, in English."""
    text_zh: str
    """The same in Chinese."""

    def __str__(self) -> str:
        """Give the text in the language of the person at this machine."""
        return self.text_zh if _texts.language() == "zh" else self.text


@dataclass(frozen=True)
class Batch:
    """Rows of a pull, and the state to keep with them: both in one transaction."""

    rows: list[Any]
    """The rows, each as ``Response.data`` has it. There may be none: the state has moved on."""
    since: str
    """The first second that they are of, ``"2026-05-01 10:00:00"``, Beijing time."""
    until: str
    """The last second that they are of."""
    state: str = field(repr=False)
    """From here a later pull goes on: ``pull(…, state=batch.state)``."""


@dataclass(frozen=True)
class PullReport:
    """What a pull has done so far."""

    rows: int
    """The rows handed out."""
    calls: int
    """The calls that were answered; attempts that failed are not among them."""
    least_calls: int
    """The least calls that could have brought as many rows."""
    windows: int
    """The windows read whole."""
    failed: list[tuple[str, str, str]]
    """What could not be read, in this pull or before: ``(since, until, why)``. A pull with the
    state takes it up first."""


class Dataclass(Protocol):
    """An instance of any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


class UnknownSid:
    """What a ``lookup`` of ``verify`` returns where not even the sid is known: the class itself."""
