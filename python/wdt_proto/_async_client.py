"""The client for tasks, on ``httpx.AsyncClient``.

``tools/unasync.py`` writes ``_client.py`` from this file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from . import _native, _setup, _texts
from ._exchange import Wait, tell_wait
from ._http import Address, AsyncTransport, Received, fault, httpx, options, within_async
from ._native import CALLS_PER_MINUTE, Credentials
from ._paging import Paging, Progress
from ._pull import Pulling
from .stock_sync import wait_list

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
    from datetime import datetime
    from types import TracebackType

    from typing_extensions import Self

    from ._clock import Clock
    from ._exchange import Outcome, Send, Steps
    from ._limiter import Limiter
    from ._models import Batch, Dataclass, Level, Response, Waiting
    from ._native import Limits, Pager
    from ._retry import Retry
    from .stock_sync import BatchCalculated, Calculated, Good, SyncInfo, WaitList

T = TypeVar("T")


class AsyncClient:
    """Calls the platform: signs, sends, tries again where that is safe, and gives exact data.

    One client keeps its connections open and may be shared by tasks. Close it, or use
    ``async with``.

    - ``base_url``: the platform's address, with or without ``/openapi`` behind it. Prefer
      ``https://`` where the merchant has one: over plain HTTP anybody on the way reads the orders.
    - ``timeout``: seconds without progress, for connecting, for each read and write, and for a free
      connection; 30 by default. An ``httpx.Timeout`` sets them one by one. ``attempt_seconds`` of
      ``Retry`` bounds an attempt as a whole.
    - ``retry``: how often and how long to try, see ``Retry``. A method that writes (``writes`` in
      the catalogue; unknown ones count as writing) is not tried again once the call may have
      arrived: that raises ``TransportError`` with ``fate == "unknown"``.
    - ``limiter``: calls a minute, or a ``Limiter`` that several clients share; ``None``: no limit.
    - ``level``: how strictly arguments are held against the catalogue, see ``build_request``.
    - ``limits``: the most bytes and the deepest nesting of a request's body and of a reply's, see
      ``Limits``. Of a larger reply no more than that is read.
    - ``proxy``: its URL, as httpx takes it. Without one, the environment's is used.
    - ``transport``: one of httpx of yours, for certificates, HTTP/2 or tests. Clients may share it;
      it stays open when they are closed. With HTTP/2, keep the logger ``hpack`` above DEBUG, where
      it writes down all headers.
    - ``on_progress``: called with a ``Progress`` after each page of ``pages``.
    - ``on_wait``: called with a ``Waiting`` before a wait of more than half a minute, once for all
      that wait; by default ``tell_wait``, a line on stderr. ``None`` says nothing.
    - ``clock``: where time, sleep and chance come from; tests put their own there.

    The logger ``wdt_proto`` tells method, attempt, status and milliseconds of each attempt, at
    DEBUG, and at WARNING of those that are tried again; never a value, a signature or a secret.
    Also at WARNING, once a call, it tells the request's warnings: their texts show what is odd. It
    speaks the language of the exceptions.

    Raises ``ValidationError`` for a base URL that is none, and ``ImportError`` without httpx.
    """

    def __init__(  # noqa: PLR0913 - all but two have defaults
        self,
        credentials: Credentials,
        base_url: str,
        *,
        timeout: float | httpx.Timeout | None = None,
        retry: Retry | None = None,
        limiter: Limiter | int | None = CALLS_PER_MINUTE,
        level: Level = "documented",
        limits: Limits | None = None,
        proxy: str | httpx.Proxy | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        on_progress: Callable[[Progress], object] | None = None,
        on_wait: Callable[[Waiting], object] | None = tell_wait,
        clock: Clock | None = None,
    ) -> None:
        """Take the options; nothing is sent yet."""
        if proxy is not None and transport is not None:
            raise TypeError(str(_texts.PROXY_AND_TRANSPORT))
        self._address = Address.of(base_url)
        self._exchange = _setup.exchange(
            credentials,
            retry=retry,
            limiter=limiter,
            level=level,
            limits=limits,
            clock=clock,
            on_wait=on_wait,
        )
        self._on_progress = on_progress
        way_out = AsyncTransport(transport, self._address.proxy() if proxy is None else proxy)
        self._http = httpx.AsyncClient(transport=way_out, **options(timeout))
        self.stock_sync = AsyncStockSync(self)

    @classmethod
    def from_env(cls, **arguments: Any) -> Self:  # noqa: ANN401 - those of the class
        """Make a client of ``WDT_SID``, ``WDT_APPKEY``, ``WDT_APPSECRET`` and ``WDT_BASE_URL``.

        Further arguments are those of the class. Raises ``CredentialsError``, which names the
        variables that are not set.
        """
        return cls(Credentials.from_env(), _setup.base_url_from_env(), **arguments)

    async def call(
        self,
        method: str,
        *args: object,
        pager: Pager | None = None,
        raw_body: bytes | bytearray | str | None = None,
        level: Level | None = None,
        repeat_writes: bool = False,
    ) -> Response:
        """Call a method with positional arguments and give its response.

        ``args``, ``pager``, ``raw_body`` and ``level`` are those of ``build_request``. What the
        catalogue finds odd and the platform may take all the same is logged, and stands in the
        response's ``warnings``.
        ``repeat_writes`` allows a method that writes to be sent again though it may have arrived:
        for calls that do the same however often they come.

        Raises ``ValidationError`` before anything is sent; ``ApiError`` when the platform refuses;
        ``TransportError`` when no answer of the platform's came back, with what is known of the
        call in its ``fate``; ``MalformedResponseError`` when a method that reads was answered with
        something else than a reply. All but the first come after the last attempt.
        """
        request = self._exchange.request(method, *args, pager=pager, raw_body=raw_body, level=level)
        return await self._run(self._exchange.call(request, repeat_writes=repeat_writes))

    async def pages(  # noqa: PLR0913 - all but the method have defaults
        self,
        method: str,
        *args: object,
        page_size: int | None = None,
        rows: str | None = None,
        calc_total: bool = True,
        drain: bool = False,
        level: Level | None = None,
        on_progress: Callable[[Progress], object] | None = None,
    ) -> AsyncIterator[Any]:
        """Give the rows of a paged query one by one, asking for the next page when it is needed.

        The end is where the total of the first page says; without a total, at a page that is not
        full, or empty. ``page_size`` is 100 by default, or the documented limit where that is
        smaller. ``rows`` names the list in ``data`` that holds the rows, where the catalogue and
        the reply leave that open.

        Where the vendor says that rows move and the first page does not hold them all, the pages
        are read from the last to the first: then no row is lost, and one that comes twice is given
        once. Of other methods rows may be lost as they change: ask for a span of time that is over,
        or ``pull`` them. ``drain=True`` is for lists that shrink as their rows are acknowledged,
        like ``sales.LogisticsSync.getSyncListExt``: it asks for the first page until that is empty;
        acknowledge the rows as they come.

        Raises ``PagingError`` when the method is not paged, when it is not clear which list holds
        the rows, when a page comes a second time, when one is empty, read twice, though there are
        more rows, and when nothing was acknowledged of what is to drain; and what ``call`` raises.
        """
        paging = Paging(method, page_size, rows, total=calc_total, drain=drain)
        on_progress = on_progress or self._on_progress
        while (pager := paging.pager) is not None:
            request = self._exchange.request(method, *args, pager=pager, level=level)
            # All pages have the same warnings: the first tells them.
            is_first = paging.progress.pages == 0
            call = self._exchange.call(request, tells_warnings=is_first)
            found = paging.take(await self._run(call))
            if on_progress is not None:
                on_progress(paging.progress)
            for row in found:
                yield row

    def pull(  # noqa: PLR0913 - all but two have defaults
        self,
        method: str,
        params: Mapping[str, Any] | Dataclass | str | None = None,
        *,
        since: datetime | str,
        until: datetime | str | None = None,
        state: str | None = None,
        page_size: int | None = None,
        lag: int = 60,
        overlap: int = 600,
    ) -> AsyncPull:
        """Pull all rows of a span of time, each once, in few calls, and in batches to keep.

        Iterating over it gives a ``Batch`` at a time: keep its rows and its state in one
        transaction, and a program that dies anywhere goes on from there. ``report`` and
        ``progress`` of the pull tell how far it is.

        ``params`` are the method's filters, without those of the span. ``since`` and ``until``, now
        by default, are moments, or texts as the platform writes them; both in Beijing time where
        they name no zone, and both belong to the span. With the ``state`` of the last batch the
        pull goes on, of one that was at its end ``overlap`` seconds earlier, and what failed comes
        first, and what a run that did not take place has left; else nothing before ``since`` is
        read. The last ``lag`` seconds before now are left for the next pull: rows may become
        visible late. ``page_size`` is what the vendor advises, else 200.

        A row comes again where it has changed: keep the last one of its key. A call that fails
        after its last attempt is passed over, and named in ``report.failed`` and in the state;
        the pull goes on. The third one without an answer between them is raised, and so is what
        the next call would meet, too: a refusal of the credentials or of the permission, and
        ``ValidationError``. The state of the last batch holds then as well.

        Raises ``PullError`` for a method that is no query or reads on from a position of its own,
        and for a state of another method, account or other ``params``; ``ValidationError`` for a
        time that is none.
        """
        return AsyncPull(
            self,
            method,
            params,
            since=since,
            until=until,
            state=state,
            page_size=page_size,
            lag=lag,
            overlap=overlap,
        )

    async def close(self) -> None:
        """Close the connections; those of a ``transport`` of yours stay open."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        """Give the client."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        await self.close()

    def __repr__(self) -> str:
        """Show the address and the sid."""
        return f"AsyncClient({str(self._address.url)!r}, sid={self._exchange.credentials.sid!r})"

    async def _run(self, steps: Steps[T]) -> T:
        outcome: Outcome = None
        try:
            while True:
                try:
                    step = steps.send(outcome)
                except StopIteration as end:
                    result: T = end.value
                    return result
                if isinstance(step, Wait):
                    await self._exchange.clock.sleep_async(step.seconds)
                    outcome = None
                else:
                    outcome = await self._send(step)
        finally:
            # A call that is cancelled gives its turn back now, not when it is collected.
            steps.close()

    async def _send(self, step: Send) -> Outcome:
        received = Received(self._exchange.limits.max_bytes)
        arguments = self._address.arguments(step.request)
        try:
            with within_async(step.seconds) as deadline:
                async with self._http.stream(**arguments) as response:
                    async for part in response.aiter_bytes():
                        deadline.check()
                        if received.is_full_with(part):
                            break
        except httpx.RequestError as error:
            return fault(error)
        return received.reply(response)


class AsyncPull(Pulling):
    """A pull that ``AsyncClient.pull`` began: give its batches with ``async for``.

    ``report`` tells what has been done, ``progress`` how far it is, from 0 to 1: both at any time.
    """

    def __init__(self, client: AsyncClient, method: str, params: Any, **options: Any) -> None:  # noqa: ANN401
        """Belong to a client."""
        super().__init__(client._exchange, method, params, **options)  # noqa: SLF001 - its own
        self._client = client

    def __aiter__(self) -> Self:
        """Give the pull itself: a loop that was left goes on where it was."""
        return self

    async def __anext__(self) -> Batch:
        """Call until the next batch is whole."""
        batch = await self._client._run(self._next())  # noqa: SLF001 - its own
        if batch is None:
            raise StopAsyncIteration
        return batch


class AsyncStockSync:
    """The six calls of the stock-sync loop (库存同步), as ``AsyncClient.stock_sync``.

    The module ``wdt_proto.stock_sync`` says how they go together.
    """

    def __init__(self, client: AsyncClient) -> None:
        """Belong to a client."""
        self._client = client

    async def get_self_wait_sync_id_list_open(self, count: int, position: int = 0) -> WaitList:
        """Ask which goods wait (获取自有平台货品需要同步信息).

        ``count`` is documented as 10 to 5000; ``position`` is 0 at first, then the one of the reply
        before. The result always has ``id_list`` and ``position``.
        """
        method = _native.GET_SELF_WAIT_SYNC_ID_LIST_OPEN
        return wait_list((await self._client.call(method, count, position)).data, position)

    async def calc_stock(self, api_goods_id: int, force_sync: bool) -> Calculated:  # noqa: FBT001
        """Calculate the stock to set for one good (库存同步计算查询)."""
        data: Calculated = (
            await self._client.call(_native.CALC_STOCK, api_goods_id, force_sync)
        ).data
        return data

    async def batch_calc_stock(self, goods: Sequence[Good]) -> BatchCalculated:
        """Calculate many goods at once (库存同步计算查询（批量）).

        The result has ``success_date`` and ``error_date``, spelt so; either may be missing.
        """
        data: BatchCalculated = (
            await self._client.call(_native.BATCH_CALC_STOCK, list(goods))
        ).data
        return data

    async def sync_success(
        self, api_goods_id: int, info: SyncInfo | dict[str, Any] | Dataclass
    ) -> Response:
        """Report that the shop took the stock (库存同步成功).

        ``wdt_proto.stock_sync.sync_info`` makes ``info`` from what was calculated.
        """
        return await self._client.call(_native.SYNC_SUCCESS, api_goods_id, info)

    async def sync_fail(
        self, api_goods_id: int, info: SyncInfo | dict[str, Any] | Dataclass
    ) -> Response:
        """Report that the shop did not take the stock (库存同步失败), ``syn_result`` says why."""
        return await self._client.call(_native.SYNC_FAIL, api_goods_id, info)

    async def cancel_sync(self, api_goods_id: int, stock_change_count: int) -> Response:
        """Give up the synchronisation that is under way for a good (取消当前同步)."""
        return await self._client.call(_native.CANCEL_SYNC, api_goods_id, stock_change_count)

    async def settle(self, api_goods_ids: Iterable[int], count: int, position: int = 0) -> set[int]:
        """Give those goods whose report did not take effect, to be sent again.

        For reports that raised ``TransportError`` with ``fate == "unknown"``. The platform is asked
        for the page that the goods came from (the same ``count`` and ``position``): a good that
        still waits there was not reported. One that does not wait there was, or its stock has
        changed since and it waits further on. Let a moment pass first: a call that was given up
        may still be under way.
        """
        asked = set(api_goods_ids)
        if not asked:
            return asked
        waiting = await self.get_self_wait_sync_id_list_open(count, position)
        return asked.intersection(waiting["id_list"])
