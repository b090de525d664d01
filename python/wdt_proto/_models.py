"""What the functions return: plain, frozen, typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

if TYPE_CHECKING:
    from ._native import Pager

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

VerifyCheck = Literal[
    "malformed_query",
    "missing_parameter",
    "duplicate_parameter",
    "unknown_sid",
    "unknown_key",
    "wrong_version",
    "malformed_timestamp",
    "stale_timestamp",
    "wrong_signature",
    "pager",
]
"""Which check of ``verify`` failed."""


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong with a request; ``str()`` gives ``message``."""

    pointer: str
    """Where in the body, as a JSON pointer; empty for the whole and for what lies outside it."""
    code: str
    """The kind of issue: ``not_json``, ``out_of_range``, …; stable."""
    severity: Severity
    """``warning`` or ``error``."""
    message: str
    """One line for people that names the place and says what to do."""
    label: str
    """The field's label, or the parameter's name; empty where there is neither."""

    def __str__(self) -> str:
        """Give ``message``."""
        return self.message


@dataclass(frozen=True)
class Report:
    """What ``validate`` found."""

    ok: bool
    """Whether there is no error; there may be warnings."""
    issues: list[Issue]
    """The issues in the order of the body, at most ``MAX_ISSUES`` errors and as many warnings."""
    omitted: int
    """How many more there are."""


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
    codes: dict[str, str]
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


@dataclass(frozen=True)
class Response:
    """A call that succeeded."""

    data: Any
    """``data`` as Python objects, whole numbers as ``int``, others as ``Decimal``."""
    _raw: bytes | None = field(repr=False)
    total: int | None
    """The total of a paged query that asked for it."""

    @property
    def raw_data(self) -> str | None:
        """``data`` as the exact JSON text, ``None`` where the reply has none."""
        # Few ask for it, and decoding a large text takes as long as reading all its numbers.
        return None if self._raw is None else self._raw.decode()


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


class Dataclass(Protocol):
    """An instance of any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


class UnknownSid:
    """What a ``lookup`` of ``verify`` returns where not even the sid is known: the class itself."""
