"""Real HTTP on the loopback: three clients, and a server that signs with hashlib alone."""

from __future__ import annotations

import hashlib
import json
import threading
import time
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
import requests
import wdt_proto

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECRETS = {("wdtapi3", "appkey"): "testsecret", ("卖家 1", "key+/=&"): "a&b=c+d"}
INFO = {"syn_stock": 1.0, "syn_result": "平台接口限流"}


class Server(BaseHTTPRequestHandler):
    """Recomputes the signature, in no way connected with this library."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        url = urlsplit(self.path)
        params = dict(parse_qsl(url.query, keep_blank_values=True, strict_parsing=True))
        sign = params.pop("sign")
        params["body"] = body.decode()
        secret = SECRETS[params["sid"], params["key"]]
        text = secret + "".join(key + params[key] for key in sorted(params)) + secret
        expected = hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - the vendor's algorithm
        clock = abs(int(params["timestamp"]) + 1325347200 - time.time()) <= 120
        typed = self.headers["Content-Type"] == "application/json"
        if url.path == "/openapi" and sign == expected and clock and typed:
            answer = {"status": 0, "data": json.loads(body)}
        else:
            answer = {"status": 1, "message": "验证失败"}
        reply = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_args: object) -> None:
        """Keep quiet."""


@contextmanager
def server() -> Iterator[str]:
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}"
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


def with_requests(req: wdt_proto.SignedRequest, base: str) -> bytes:
    return requests.post(req.url(base), data=req.body, headers=req.headers, timeout=30).content


def with_httpx(req: wdt_proto.SignedRequest, base: str) -> bytes:
    return httpx.post(req.url(base), content=req.body, headers=req.headers, timeout=30).content


def with_urllib(req: wdt_proto.SignedRequest, base: str) -> bytes:
    call = urllib.request.Request(req.url(base), req.body, req.headers)  # noqa: S310
    with urllib.request.urlopen(call, timeout=30) as reply:  # noqa: S310
        return bytes(reply.read())


@pytest.mark.parametrize("send", [with_requests, with_httpx, with_urllib])
@pytest.mark.parametrize(
    ("sid", "key", "app_secret"),
    [("wdtapi3", "appkey", "testsecret:testsalt"), ("卖家 1", "key+/=&", "a&b=c+d:p q/r?%#é")],
)
def test_a_request_arrives_as_it_was_signed(
    send: Callable[[wdt_proto.SignedRequest, str], bytes], sid: str, key: str, app_secret: str
) -> None:
    creds = wdt_proto.Credentials(sid, key, app_secret)
    with server() as base:
        pager = wdt_proto.Pager(100, 0, calc_total=True)
        req = wdt_proto.build_request(creds, "system.Core.now", 2447, INFO, pager=pager)
        assert wdt_proto.parse_response(send(req, base)).data == [2447, INFO]

        stale = wdt_proto.build_request(creds, "m", unix_time=int(time.time()) - 121)
        with pytest.raises(wdt_proto.ApiError) as caught:
            wdt_proto.parse_response(send(stale, base))
        assert caught.value.kind == "authentication"
