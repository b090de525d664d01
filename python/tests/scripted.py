"""What the clients' tests share: a clock that nobody waits for, and answers in a fixed order.

The platform that answers here checks signatures with hashlib alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl

import httpx
import wdt_proto

BASE = "http://erp.example/openapi"
SECRET = "testsecret"
READS = "wms.StockSpec.search2"
WRITES = "sales.StockSync.cancelSync"
NOW = 1_800_000_000.0

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class FakeClock(wdt_proto.Clock):
    """Time that passes only in ``sleep``; chance that always says the same."""

    def __init__(self, chance: float = 0.5, now: float = NOW) -> None:
        self.now = now
        self.chance = chance
        self.slept: list[float] = []

    def unix_time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now - NOW + 1000.0

    def random(self) -> float:
        return self.chance

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)


@dataclass
class Call:
    """A request as it arrived."""

    query: dict[str, str]
    body: bytes
    at: float

    @property
    def unix_time(self) -> int:
        return int(self.query["timestamp"]) + 1325347200

    def is_signed(self) -> bool:
        params = {**self.query, "body": self.body.decode()}
        sign = params.pop("sign")
        text = SECRET + "".join(key + params[key] for key in sorted(params)) + SECRET
        return hashlib.md5(text.encode()).hexdigest() == sign  # noqa: S324


class Script:
    """Gives its answers one after the other, or ``always`` the same."""

    def __init__(self, clock: FakeClock, *answers: Answer) -> None:
        self.clock = clock
        self.answers = list(answers)
        self.always: Answer | None = None
        self.calls: list[Call] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.copy_with(query=None) == httpx.URL(BASE)
        query = request.url.query.decode()
        pairs = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True))
        self.calls.append(Call(pairs, request.content, self.clock.now))
        assert self.calls[-1].is_signed()
        answer = self.always or self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    async def answer_async(self, request: httpx.Request) -> httpx.Response:
        return self(request)


def ok(data: Any = None, **more: Any) -> httpx.Response:  # noqa: ANN401 - JSON
    return httpx.Response(200, text=json.dumps({"status": 0, "data": data, **more}))


def refusal(status: int, message: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
    text = json.dumps({"status": status, "message": message})
    return httpx.Response(200, text=text, headers=headers)


def rate_limit(headers: Mapping[str, str] | None = None) -> httpx.Response:
    return refusal(100, "超过每分钟最大调用频率限制", headers)


def database_error() -> httpx.Response:
    return refusal(4, "数据库错误")


def clock_error(date: float | None) -> httpx.Response:
    headers = {} if date is None else {"Date": formatdate(date, usegmt=True)}
    return refusal(7, "时间戳错误", headers)


def bad_gateway() -> httpx.Response:
    return httpx.Response(502, text="<html>502 Bad Gateway</html>")


def scripted(
    *answers: Answer,
    clock: FakeClock | None = None,
    **options: Any,  # noqa: ANN401
) -> tuple[wdt_proto.Client, Script]:
    """Make a client whose calls get these answers."""
    clock = clock or FakeClock()
    script = Script(clock, *answers)
    transport = httpx.MockTransport(script)
    creds = wdt_proto.Credentials("wdtapi3", "appkey", f"{SECRET}:testsalt")
    client = wdt_proto.Client(creds, BASE, transport=transport, clock=clock, **options)
    return client, script
