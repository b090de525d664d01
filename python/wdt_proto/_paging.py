"""Page after page of a query: the core's machine, its rows as Python's objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._native import Pages

if TYPE_CHECKING:
    from ._models import Response
    from ._native import Pager


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
    """One query: ask for ``pager`` until it is ``None``, and give the reply of each."""

    def __init__(
        self,
        method: str,
        page_size: int | None,
        rows: str | None,
        *,
        total: bool,
        drain: bool = False,
    ) -> None:
        """Begin before the first page."""
        self._method = method
        self._machine = Pages(method, page_size=page_size, rows=rows, calc_total=total, drain=drain)

    @property
    def pager(self) -> Pager | None:
        """The next page to ask for."""
        return self._machine.ask()

    @property
    def progress(self) -> Progress:
        """How far the query has got."""
        pages, rows, total = self._machine.progress()
        return Progress(self._method, pages, rows, total)

    def take(self, response: Response) -> list[Any]:
        """Give the rows of the page that ``pager`` asked for, and move on."""
        name, places = self._machine.take(response.raw_data, response.total)
        rows = response.data if name is None else response.data[name]
        return [rows[place] for place in places]
