"""Runs the C example against a server on the loopback that signs with hashlib alone.

usage: http_test.py PROGRAM
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

SECRETS = {("wdtapi3", "appkey"): "testsecret", ("卖家 1", "key+/=&"): "a&b=c+d"}


class Server(BaseHTTPRequestHandler):
    """Recomputes the signature, in no way connected with libwdt."""

    def do_POST(self) -> None:
        """Answer as the platform does."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        url = urlsplit(self.path)
        params = dict(parse_qsl(url.query, keep_blank_values=True, strict_parsing=True))
        sign = params.pop("sign")
        params["body"] = body.decode()
        secret = SECRETS.get((params["sid"], params["key"]), "")
        text = secret + "".join(key + params[key] for key in sorted(params)) + secret
        expected = hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - the vendor's algorithm
        clock = abs(int(params["timestamp"]) + 1325347200 - time.time()) <= 120
        typed = self.headers["Content-Type"] == "application/json"
        method = params["method"] == "sales.StockSync.syncFail"
        if url.path == "/openapi" and sign == expected and clock and typed and method:
            answer = {"status": 0, "data": {"id": json.loads(body)[0]}}
        else:
            answer = {"status": 1, "message": "验证失败"}
        reply = json.dumps(answer, ensure_ascii=False).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_args: object) -> None:
        """Keep quiet."""


def run(program: str, **env: str) -> tuple[int, str]:
    """Run the program; give its exit code and what it printed."""
    # A proxy of the environment must not come between the program and the loopback.
    inherited = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    done = subprocess.run(  # noqa: S603 - the program that this test is about
        [program], env=inherited | env, capture_output=True, timeout=60, check=False
    )
    return done.returncode, (done.stdout + done.stderr).decode()


def main() -> None:
    """Run the program in every way and compare."""
    program = sys.argv[1]
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{httpd.server_port}"
    odd = {"WDT_SID": "卖家 1", "WDT_APPKEY": "key+/=&"}
    runs: list[tuple[dict[str, str], int, str]] = [
        ({"WDT_BASE_URL": ""}, 0, "nothing was sent"),
        ({"WDT_BASE_URL": base}, 0, 'accepted, data: {"id": 2447}'),
        ({"WDT_BASE_URL": base, "WDT_APPSECRET": "a&b=c+d:p q/r?%#é", **odd}, 0, "accepted"),
        ({"WDT_BASE_URL": base, "WDT_APPSECRET": "wrong:salt"}, 1, "authentication"),
        ({"WDT_BASE_URL": base, "WDT_APPSECRET": "nocolon"}, 1, "credentials: "),
        ({"WDT_BASE_URL": "127.0.0.1"}, 1, "WDT_BASE_URL: "),
        ({"WDT_BASE_URL": "http://127.0.0.1:1"}, 1, "not sent: "),
    ]
    for env, code, expected in runs:
        found, output = run(program, **env)
        if found != code or expected not in output:
            sys.exit(f"{env}: exit code {found}, not {code}, or no {expected!r} in:\n{output}")
        if any(secret in output for secret in ("testsecret", "a&b=c+d", "wrong:")):
            sys.exit(f"{env}: the output holds a secret:\n{output}")
    httpd.shutdown()
    print(f"{program}: {len(runs)} runs as expected")


if __name__ == "__main__":
    main()
