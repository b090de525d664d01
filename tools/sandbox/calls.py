"""Signed calls of a sandbox, made with hashlib alone: for its tests and its benchmark."""

from __future__ import annotations

import contextlib
import hashlib
import json
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
EPOCH = 1_325_347_200
SECRET, SALT = "sandbox-secret", "sandbox-salt"


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox."""

    base_url: str
    page: str
    pid: int

    def post(
        self, method: str, body: str, *, secret: str = SECRET, page: tuple[int, int] | None = None
    ) -> tuple[int, str]:
        """Send one signed call; returns the HTTP status and the answer's text."""
        url = f"{self.base_url}?{signed_query(method, body, secret=secret, page=page)}"
        return send(url, body.encode())

    def call(self, method: str, *arguments: object) -> Any:  # noqa: ANN401 -- JSON is of any type
        """Send one signed call; returns `data`."""
        _, text = self.post(method, json.dumps(arguments, ensure_ascii=False))
        answer = json.loads(text)
        if answer["status"] != 0:
            raise RuntimeError(text)
        return answer.get("data")

    def control(self, path: str, body: object = None) -> Any:  # noqa: ANN401
        """Ask one of the sandbox's own routes."""
        data = None if body is None else json.dumps(body).encode()
        return json.loads(send(self.page + path, data)[1])


def send(url: str, body: bytes | None) -> tuple[int, str]:
    """POST a body, or GET where there is none."""
    request = urllib.request.Request(url, data=body)  # noqa: S310 -- http, on loopback
    request.add_header("content-type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def signed_query(
    method: str,
    body: str,
    *,
    secret: str = SECRET,
    now: float | None = None,
    page: tuple[int, int] | None = None,
) -> str:
    """Make a query of its own for a body; a page is its size and its number."""
    timestamp = str(int(time.time() if now is None else now) - EPOCH)
    pairs = {
        "sid": "sandbox",
        "key": "sandbox-key",
        "salt": SALT,
        "method": method,
        "timestamp": timestamp,
        "v": "1.0",
    }
    if page is not None:
        size, number = page
        pairs |= {"page_size": str(size), "page_no": str(number), "calc_total": "1"}
    signed = {**pairs, "body": body}
    canonical = secret + "".join(k + signed[k] for k in sorted(signed)) + secret
    sign = hashlib.md5(canonical.encode(), usedforsecurity=False).hexdigest()
    return urllib.parse.urlencode({**pairs, "sign": sign})


@contextlib.contextmanager
def running(program: Path, *options: str) -> Iterator[Sandbox]:
    """Start a sandbox on a free port, and stop it at the end."""
    command = [str(program), "--listen", "127.0.0.1:0", "--json", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            if process.stdout is None:
                raise RuntimeError(command)
            ready = json.loads(process.stdout.readline())
            yield Sandbox(ready["base_url"], ready["page"], ready["pid"])
        finally:
            process.terminate()


def report(calculated: dict[str, Any], result: str) -> dict[str, Any]:
    """`info` of a report, carried over from what `calcStock` answered."""
    fields = (
        "syn_stock stock_change_count stock_syn_rule_id stock_syn_rule_no stock_syn_warehouses "
        "stock_syn_mask stock_syn_percent stock_syn_plus stock_syn_min stock_syn_max "
        "is_auto_listing is_auto_delisting"
    )
    return {field: calculated[field] for field in fields.split()} | {"syn_result": result}
