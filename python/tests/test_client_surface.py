"""How the client looks from outside: imports, documentation, the environment, its two halves."""

from __future__ import annotations

import ast
import asyncio
import inspect
import pickle
import socket
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
import wdt_proto
from conftest import ROOT
from scripted import (
    BASE,
    READS,
    WRITES,
    FakeClock,
    Script,
    bad_gateway,
    database_error,
    ok,
    scripted,
)
from test_client_retry import READ_ARGS, WRITE_ARGS
from test_http import server
from wdt_proto._http import Address

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CREDS = wdt_proto.Credentials("wdtapi3", "appkey", "testsecret:testsalt")
VARIABLES = {"WDT_SID": "wdtapi3", "WDT_APPKEY": "appkey", "WDT_APPSECRET": "testsecret:testsalt"}
OF_THE_CLIENT = ("AsyncClient", "Client", "Clock", "Limiter", "Progress", "Retry")


def run(script: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own: other tests have imported much."""
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


def test_the_core_imports_neither_httpx_nor_the_client() -> None:
    script = """
import sys, wdt_proto
heavy = {"httpx", "anyio", "asyncio", "wdt_proto._client", "wdt_proto._exchange", "wdt_proto.types"}
sys.exit(", ".join(heavy & set(sys.modules)) or None)
"""
    assert run(script).stderr == ""


@pytest.mark.parametrize("name", ["Client", "AsyncClient"])
def test_without_httpx_the_client_says_what_to_install(name: str) -> None:
    script = f"""
import sys
sys.modules["httpx"] = None
import wdt_proto
from wdt_proto import *
assert wdt_proto.Retry() and wdt_proto.Limiter()
try:
    wdt_proto.{name}
except ImportError as error:
    print(error, error.name)
try:
    from wdt_proto import {name}
except ImportError as error:
    print(error)
"""
    ran = run(script)
    told = (
        "wdt_proto.Client needs httpx: pip install 'wdt-proto[http]', "
        "in a checkout pip install '.[http]'"
    )
    assert ran.stdout.splitlines() == [f"{told} httpx", told], ran.stderr


def test_names_are_listed() -> None:
    assert set(OF_THE_CLIENT) <= set(dir(wdt_proto))
    with pytest.raises(AttributeError, match="no attribute 'Clients'"):
        _ = wdt_proto.Clients


@pytest.mark.parametrize("name", OF_THE_CLIENT)
def test_everything_public_is_documented(name: str) -> None:
    thing = getattr(wdt_proto, name)
    members = [thing] + [
        member
        for key, member in inspect.getmembers(thing)
        if not key.startswith("_") and (callable(member) or isinstance(member, property))
    ]
    for member in members:
        assert (inspect.getdoc(member) or "").strip(), member


def test_the_client_for_threads_is_written_from_the_other() -> None:
    tool = ROOT / "tools" / "unasync.py"
    ran = subprocess.run(  # noqa: S603 - our own tool
        [sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout


def test_both_clients_take_the_same_arguments() -> None:
    pairs = [
        (wdt_proto.Client, wdt_proto.AsyncClient),
        (type(scripted()[0].stock_sync), type(a_client().stock_sync)),
    ]
    for plain, with_await in pairs:
        names = [name for name in vars(plain) if not name.startswith("_")]
        assert names == [name for name in vars(with_await) if not name.startswith("_")]
        for name in names:
            one, other = getattr(plain, name), getattr(with_await, name)
            assert list(inspect.signature(one).parameters) == list(
                inspect.signature(other).parameters
            )
            assert inspect.getdoc(one) == inspect.getdoc(other)


def a_client(*answers: Any, **options: Any) -> wdt_proto.AsyncClient:  # noqa: ANN401
    """Make a client for tasks that gets these answers."""
    clock = FakeClock()
    script = Script(clock, *answers)
    transport = httpx.MockTransport(script.answer_async)
    return wdt_proto.AsyncClient(CREDS, BASE, transport=transport, clock=clock, **options)


def test_the_client_for_tasks_follows_the_same_rules() -> None:
    async def work() -> None:
        client = a_client(
            bad_gateway(), database_error(), ok([1, 2], total=3), ok([3]), bad_gateway()
        )
        rows: AsyncIterator[Any] = client.pages(READS, *READ_ARGS, page_size=2)
        assert [row async for row in rows] == [1, 2, 3]
        with pytest.raises(wdt_proto.TransportError) as caught:
            await client.call(WRITES, *WRITE_ARGS)
        assert caught.value.fate == "unknown"
        await client.close()

    asyncio.run(work())


def test_credentials_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, "WDT_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(wdt_proto.CredentialsError) as caught:
        wdt_proto.Credentials.from_env()
    assert str(caught.value) == "WDT_SID, WDT_APPKEY, WDT_APPSECRET are not set"

    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    creds = wdt_proto.Credentials.from_env()
    assert (creds.sid, creds.key, creds.salt) == ("wdtapi3", "appkey", "testsalt")
    signed = [
        wdt_proto.build_request(each, "system.Core.now", unix_time=1775791716).sign
        for each in (creds, CREDS)
    ]
    assert signed[0] == signed[1]

    with pytest.raises(wdt_proto.CredentialsError, match="WDT_BASE_URL is not set"):
        wdt_proto.Client.from_env()
    monkeypatch.setenv("WDT_BASE_URL", "https://erp.example")
    with wdt_proto.Client.from_env(limiter=None) as client:
        assert repr(client) == "Client('https://erp.example/openapi', sid='wdtapi3')"

    monkeypatch.setenv("WDT_APPKEY", "")
    with pytest.raises(wdt_proto.CredentialsError, match=r"^WDT_APPKEY is not set$"):
        wdt_proto.Credentials.from_env()
    monkeypatch.setenv("WDT_APPKEY", "appkey")
    monkeypatch.setenv("WDT_APPSECRET", "hush-hush")
    with pytest.raises(wdt_proto.CredentialsError) as caught:
        wdt_proto.Credentials.from_env()
    assert "hush" not in str(caught.value)


def test_what_cannot_be_is_refused_at_once() -> None:
    for base in ("", "erp.example", "ftp://erp.example", "http://erp.example/?a=1"):
        with pytest.raises(wdt_proto.ValidationError):
            wdt_proto.Client(CREDS, base)
    with pytest.raises(TypeError, match="proxy"):
        wdt_proto.Client(CREDS, BASE, proxy="http://127.0.0.1:1", transport=httpx.HTTPTransport())


def test_timeouts_and_proxies_reach_httpx() -> None:
    def timeouts(request: httpx.Request) -> httpx.Response:
        return ok(request.extensions["timeout"])

    client, _ = scripted(timeouts, timeout=7.0)
    seconds = client.call("system.Core.now").data
    assert seconds == dict.fromkeys(("connect", "read", "write", "pool"), 7)
    with wdt_proto.Client(CREDS, BASE) as plain:
        assert plain._http.timeout == httpx.Timeout(30.0)  # noqa: SLF001
        assert plain._http.headers["User-Agent"].startswith("wdt-proto/")  # noqa: SLF001
    retry = wdt_proto.Retry(attempts=1)
    with (
        wdt_proto.Client(CREDS, BASE, proxy="http://127.0.0.1:9", retry=retry) as client,
        pytest.raises(wdt_proto.TransportError) as caught,
    ):
        client.call("system.Core.now")
    assert caught.value.fate == "not_sent"


def test_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_proxy".upper(), raising=False)

    def proxy(base: str) -> str | None:
        return Address.of(base).proxy()

    assert proxy("http://erp.example") is None
    monkeypatch.setenv("HTTP_PROXY", "proxy.example:3128")
    monkeypatch.setenv("HTTPS_PROXY", "http://secure.example")
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1,.inside.example")
    assert proxy("http://erp.example:8080/openapi") == "http://proxy.example:3128"
    assert proxy("https://erp.example") == "http://secure.example"
    assert proxy("http://127.0.0.1:8620") is None
    assert proxy("http://erp.inside.example") is None


@pytest.mark.parametrize("sid", ["wdtapi3", "卖家 1"])
def test_the_signed_query_arrives_as_it_was_signed(sid: str) -> None:
    """Against a server that signs with hashlib, with characters that a URL has to encode."""
    key, secret = {"wdtapi3": ("appkey", "testsecret:testsalt")}.get(
        sid, ("key+/=&", "a&b=c+d:p q/r?%#é'()*~\"|")
    )
    creds = wdt_proto.Credentials(sid, key, secret)
    argument = "库存 'a' & \"b\" #?%"
    with server() as base, wdt_proto.Client(creds, base) as client:
        assert client.call("system.Core.now", argument, pager=wdt_proto.Pager(7)).data == [argument]


def test_transport_errors_pickle_with_their_fate() -> None:
    error = wdt_proto.TransportError("refused", "not_sent")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (str(again), again.fate) == ("refused", "not_sent")
    assert wdt_proto.TransportError("reset").fate == "unknown"


def test_the_examples_in_docstrings_are_python() -> None:
    for module in ("sandbox", "pytest_plugin"):
        path = Path(wdt_proto.__file__).with_name(f"{module}.py")
        doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        block = doc.split("::\n\n")[1].split("\n\n")[0]
        ast.parse(textwrap.dedent(block))


def test_a_forward_proxy_is_asked_for_the_whole_address() -> None:
    """Over plain HTTP the proxy is told the URL, the query included: it has to pass it on."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:

        def answer() -> str:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as lines:
                first = lines.readline().decode()
                while lines.readline().strip():
                    pass
                body = b'{"status":0,"data":7}'
                head = (
                    f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
                )
                connection.sendall(head.encode() + body)
            return first

        asked = pool.submit(answer)
        proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with wdt_proto.Client(CREDS, "http://erp.example", proxy=proxy) as client:
            assert client.call("system.Core.now").data == 7
        verb, target, version = asked.result().split()
    assert (verb, version) == ("POST", "HTTP/1.1")
    url = urlsplit(target)
    assert (url.scheme, url.netloc, url.path) == ("http", "erp.example", "/openapi")
    assert dict(parse_qsl(url.query))["method"] == "system.Core.now"
