"""The package's exceptions: in Python, so that they pickle and can be subclassed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._models import ErrorKind, Fate, Issue, VerifyCheck
    from ._native import Lines


class WdtError(Exception):
    """The base of all exceptions of this package. None of them ever holds a secret.

    ``str()`` gives ``text`` or ``text_zh``: the language of the first of ``WDT_LANG``, ``LC_ALL``,
    ``LC_MESSAGES`` and ``LANG`` that is set. All other attributes are the same in both languages.
    """

    # Beside `args`, which stay what they always were; a pickle carries both.
    _text_zh: str | None = None

    @property
    def text(self) -> str:
        """The whole text, in English."""
        return super().__str__()

    @property
    def text_zh(self) -> str:
        """The same in Chinese; English where whoever raised it gave no other."""
        return self.text if self._text_zh is None else self._text_zh

    def __str__(self) -> str:
        """Give the whole text in the language of the person at this machine."""
        return self.text_zh if _texts.language() == "zh" else self.text


class CredentialsError(WdtError, ValueError):
    """Credentials are empty, lack their colon, hold a control character or blanks, or are not set.

    The text names the part (sid, key, secret or salt) or the environment variable, never a value.
    """

    def __init__(self, text: str = "", text_zh: str | None = None) -> None:
        """Say which part, and why."""
        super().__init__(text)
        self._text_zh = text_zh


class ValidationError(WdtError, ValueError):
    """A request was refused before it was signed.

    ``issues`` says what is wrong, and where; the text has one line an issue, and marks the warnings
    among the errors.
    """

    issues: list[Issue]

    omitted: int

    def __init__(
        self,
        issues: Sequence[Issue],
        omitted: int = 0,
        lines: Lines | None = None,
    ) -> None:
        """Take the issues, at least one of them an error, and how many were left out.

        The core gives the ``lines``; without them, the text is the issues' own.
        """
        super().__init__(issues, omitted)
        self.issues = list(issues)
        self.omitted = omitted
        self._lines = lines

    @property
    def text(self) -> str:
        """One line an issue, and one for those that were left out."""
        if self._lines is None:
            return _texts.lines(self.issues, self.omitted).en
        return self._lines.text

    @property
    def text_zh(self) -> str:
        """The same in Chinese."""
        if self._lines is None:
            return _texts.lines(self.issues, self.omitted).zh
        return self._lines.text_zh


class CatalogueError(WdtError, ValueError):
    """A method could not be registered; the text names the field or the place."""

    def __init__(self, text: str = "", text_zh: str | None = None) -> None:
        """Say where, and why."""
        super().__init__(text)
        self._text_zh = text_zh


class ApiError(WdtError):
    """The server answered with a status other than 0.

    ``kind`` is one of ``authentication``, ``parameter``, ``server``, ``permission``,
    ``timestamp``, ``version``, ``rate_limit``, ``business`` and ``unknown``. Where ``retryable``
    is true, the same call, signed anew, may succeed later.
    """

    status: int
    message: str
    kind: ErrorKind
    retryable: bool
    data: Any

    def __init__(  # noqa: PLR0913, PLR0917 - as many as the server's answer has parts
        self,
        status: int,
        message: str,
        kind: ErrorKind,
        retryable: bool,  # noqa: FBT001
        data: Any = None,  # noqa: ANN401
        text: str | None = None,
        text_zh: str | None = None,
    ) -> None:
        """Take the server's answer apart; ``text`` and ``text_zh`` are what ``str()`` shows."""
        super().__init__(status, message, kind, retryable, data, text)
        self.status = status
        self.message = message
        self.kind = kind
        self.retryable = retryable
        self.data = data
        said = _texts.STATUS_SAYS.of(status=status, kind=kind, message=message)
        self._text = said.en if text is None else text
        self._text_zh = text_zh if text_zh is not None else said.zh if text is None else text

    @property
    def text(self) -> str:
        """Status, kind, the server's message, and what to do, in English."""
        return self._text


class MalformedResponseError(WdtError):
    """The body is no reply of the platform's: another edition's, a gateway's page, cut short, ….

    The text says who answered, where that shows, and what to do. ``body`` holds its first bytes, at
    most ``MALFORMED_HEAD_BYTES``.
    """

    body: bytes

    def __init__(self, text: str, body: bytes, text_zh: str | None = None) -> None:
        """Say why, and keep the beginning."""
        super().__init__(text, body)
        self.body = body
        self._text_zh = text_zh

    @property
    def text(self) -> str:
        """Why, and how the body starts, in English."""
        return str(self.args[0])


class TransportError(WdtError):
    """A call was sent, or was to be sent, and no answer of the platform's came back.

    ``fate`` says what is known of the call: ``"not_sent"``, it did not reach the platform;
    ``"unknown"``, it may have been carried out or not. A call that writes and whose fate is unknown
    is settled by asking the platform, not by sending it again.
    """

    fate: Fate

    def __init__(self, text: str, fate: Fate = "unknown", text_zh: str | None = None) -> None:
        """Say what happened, and what is known of the call."""
        super().__init__(text, fate)
        self.fate = fate
        self._text_zh = text_zh

    @property
    def text(self) -> str:
        """What happened, in English."""
        return str(self.args[0])


class PagingError(WdtError):
    """The pages of a query make no sense, or its rows cannot be told from the rest of the reply.

    The text says what to do: name the rows, or ask for one page at a time with ``call``.
    """

    def __init__(self, text: str = "", text_zh: str | None = None) -> None:
        """Say why, and what to do."""
        super().__init__(text)
        self._text_zh = text_zh


class PullError(WdtError, ValueError):
    """A pull cannot begin, or cannot go on from this state.

    The text says why: the method is no query, its arguments hold what the pull itself sets, the
    page size is too large, or the state is that of another method, account or other arguments.
    """

    def __init__(self, text: str = "", text_zh: str | None = None) -> None:
        """Say why."""
        super().__init__(text)
        self._text_zh = text_zh


class VerifyError(WdtError):
    """A received call failed a check.

    ``check`` names it; ``status``, ``message`` and ``kind`` are what the vendor's server
    answers in this case.
    """

    check: VerifyCheck
    status: int
    message: str
    kind: ErrorKind

    def __init__(  # noqa: PLR0913, PLR0917 - what failed, and the vendor's answer
        self,
        check: VerifyCheck,
        status: int,
        message: str,
        kind: ErrorKind,
        text: str,
        text_zh: str | None = None,
    ) -> None:
        """Take the failed check and the vendor's answer; ``text`` is what ``str()`` shows."""
        super().__init__(check, status, message, kind, text)
        self.check = check
        self.status = status
        self.message = message
        self.kind = kind
        self._text_zh = text_zh

    @property
    def text(self) -> str:
        """Which check failed, and how, in English."""
        return str(self.args[4])
