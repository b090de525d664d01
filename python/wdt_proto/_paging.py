"""Page after page of a query: which rows a reply has, and which page is the last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import _texts, catalogue
from ._errors import PagingError
from ._native import Pager

if TYPE_CHECKING:
    from ._models import Response

DEFAULT_PAGE_SIZE = 100


@dataclass(frozen=True)
class Progress:
    """How far a query has got; ``on_progress`` is given one after each page."""

    method: str
    """The method called."""
    pages: int
    """The pages received."""
    rows: int
    """The rows received."""
    total: int | None
    """How many rows there are, where the platform said so."""


class Paging:
    """The state of one query. Ask for ``pager`` until it is ``None``, and give the reply of each.

    The end is told by the total that the first page brings. Where there is none, a page with fewer
    rows than one can have is the last: than ``page_size`` where that is within the documented
    limit, else than the first page had, because a platform may give fewer rows than it was asked
    for. A page without rows is the last in any case.
    """

    def __init__(
        self, method: str, page_size: int | None, rows: str | None, *, total: bool
    ) -> None:
        """Begin before the first page."""
        known = catalogue.method(method)
        if known is not None and known.documented and not known.paged:
            raise _refused(_texts.NOT_PAGED.of(method=method))
        most = None if known is None else known.page_size_max
        size = min(DEFAULT_PAGE_SIZE, most or DEFAULT_PAGE_SIZE) if page_size is None else page_size
        self.pager: Pager | None = Pager(size, 0, calc_total=total)
        self.progress = Progress(method, pages=0, rows=0, total=None)
        self._key = rows
        self._documented = () if known is None else _documented_lists(known)
        self._full = size if most is not None and size <= most else None
        self._last: list[Any] = []

    def take(self, response: Response) -> list[Any]:
        """Give the rows of the page that ``pager`` asked for, and move on."""
        pager, before = self.pager, self.progress
        if pager is None:
            raise _refused(_texts.NO_MORE_PAGES)
        rows = self._rows(response.data)
        if rows and rows == self._last:
            page = pager.page_no
            raise _refused(_texts.SAME_PAGE.of(method=before.method, page=page, before=page - 1))
        self._last = rows
        total = before.total if response.total is None else response.total
        done = before.rows + len(rows)
        self.progress = Progress(before.method, before.pages + 1, done, total)
        if self._full is None:
            self._full = len(rows)
        more = len(rows) >= self._full if total is None else done < total
        is_last = not rows or not more
        self.pager = None if is_last else Pager(pager.page_size, pager.page_no + 1)
        return rows

    def _rows(self, data: Any) -> list[Any]:  # noqa: ANN401 - JSON is of any type
        if data is None:
            return []
        if isinstance(data, list):
            return data
        method = self.progress.method
        if not isinstance(data, dict):
            raise _refused(_texts.NO_ROWS.of(method=method, kind=type(data).__name__))
        lists = [key for key, value in data.items() if isinstance(value, list)]
        if self._key is not None:
            named = data.get(self._key)
            if isinstance(named, list):
                return named
            if named is None and not lists:
                return []
            names = _names(lists)
            raise _refused(_texts.NO_LIST.of(method=method, key=self._key, names=names))
        # What is documented decides; a reply may also have lists that are not.
        candidates = [key for key in lists if key in self._documented] or lists
        if len(candidates) > 1:
            names = _names(candidates)
            raise _refused(_texts.WHICH_LIST.of(method=method, names=names, first=candidates[0]))
        return data[candidates[0]] if candidates else []


def _documented_lists(method: catalogue.Method) -> tuple[str, ...]:
    """Give the lists of objects that the reply's ``data`` is documented to hold."""
    return tuple(
        field.name
        for data in method.response
        if data.name == "data"
        for field in data.fields
        if field.type == "list<object>"
    )


def _names(keys: list[str]) -> str | _texts.Text:
    return ", ".join(map(repr, keys)) or _texts.NOTHING


def _refused(text: _texts.Text) -> PagingError:
    return PagingError(text.en, text.zh)
