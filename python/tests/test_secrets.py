"""A marker secret is searched for in everything that the package prints, logs, pickles or raises.

The marker stands before the first colon of an app secret, where the secret stands. Texts are
searched as they are, in hex and as numbers; bytes too.
"""

from __future__ import annotations

import copy
import gc
import io
import json
import logging
import pickle
import traceback
from typing import TYPE_CHECKING, Any

import pytest
import wdt_proto
from wdt_proto import stock_sync

if TYPE_CHECKING:
    from collections.abc import Callable

MARKER = "MARKERsecret"
APP_SECRET = f"{MARKER}:salt"
METHOD = "system.Core.now"
NOW = 1775791716


def assert_clean(text: str | bytes) -> None:
    shown = text.decode("latin-1") if isinstance(text, bytes) else text
    numbers = ", ".join(str(byte) for byte in MARKER.encode())
    for form in (MARKER.lower(), MARKER.encode().hex(), numbers):
        assert form not in shown.lower(), shown


def printed(value: object) -> list[str]:
    """Give every text that Python makes of an object by itself."""
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logger = logging.Logger("secrets")  # noqa: LOG001 - one that no configuration touches
    logger.addHandler(handler)
    logger.warning("%s %r %a", value, value, value)
    attributes = [getattr(value, name) for name in dir(value) if not name.startswith("__")]
    state = getattr(value, "__dict__", {})
    return [
        str(value), repr(value), ascii(value), f"{value}", str([value]), log.getvalue(),
        repr(state), *map(repr, attributes),
    ]  # fmt: skip


def everything(creds: wdt_proto.Credentials) -> list[object]:
    """One of each thing that is made with credentials."""
    req = wdt_proto.build_request(
        creds, METHOD, pager=wdt_proto.Pager(100, calc_total=True), unix_time=NOW
    )
    return [
        creds,
        req,
        req.warnings,
        req.query_pairs,
        req.headers,
        req.url("http://erp.example"),
        stock_sync.cancel_sync(creds, 2447, 1, unix_time=NOW),
        wdt_proto.explain(creds, METHOD, unix_time=NOW),
        wdt_proto.explain(creds, METHOD, unix_time=NOW).canonical,
        wdt_proto.sign(MARKER, {"body": "[]"}),
        wdt_proto.verify(req.query, req.body, lambda _sid, _key: APP_SECRET, NOW),
    ]


def test_nothing_prints_it() -> None:
    creds = wdt_proto.Credentials("wdtapi3", "appkey", APP_SECRET)
    for value in everything(creds):
        for text in printed(value):
            assert_clean(text)


def test_what_can_be_pickled_holds_none_and_credentials_cannot_be() -> None:
    creds = wdt_proto.Credentials("wdtapi3", "appkey", APP_SECRET)
    kept = 0
    for value in everything(creds):
        try:
            data = pickle.dumps(value)
        except TypeError:
            continue
        kept += 1
        assert_clean(data)
    assert kept >= 5
    leaks: list[Callable[[], object]] = [
        lambda: pickle.dumps(creds),
        lambda: copy.copy(creds),
        lambda: copy.deepcopy(creds),
        lambda: json.dumps(creds),
        lambda: vars(creds),
        lambda: creds.__dict__,
        lambda: creds.secret,  # type: ignore[attr-defined]
        lambda: creds.app_secret,  # type: ignore[attr-defined]
    ]
    for leak in leaks:
        with pytest.raises((TypeError, AttributeError)) as caught:
            leak()
        assert_clean(str(caught.value))


def test_no_object_that_python_can_reach_holds_it() -> None:
    creds = wdt_proto.Credentials("wdtapi3", "appkey", APP_SECRET)
    reached: list[Any] = [creds]
    for value in reached[:200]:
        reached.extend(gc.get_referents(value)[:50])
    assert all(MARKER not in value for value in reached if isinstance(value, str))


def wrong_credentials() -> list[Callable[[], object]]:
    parts = [
        ("s", "k", MARKER), ("s", "k", f"{MARKER}:"), ("s", "k", f":{MARKER}"),
        ("s", "k", f"{MARKER}\n:salt"), ("s", "k", f"{MARKER}:salt\n"),
        ("s", "k", f"{MARKER}\ud83d:s"), ("", "k", APP_SECRET), ("s", "", APP_SECRET),
        ("s\n", "k", APP_SECRET), ("\udc00", "k", APP_SECRET),
        ("s", "k", APP_SECRET.encode()), ("s", 5, APP_SECRET), ("s", "k", [APP_SECRET]),
    ]  # fmt: skip
    return [lambda part=part: wdt_proto.Credentials(*part) for part in parts]  # type: ignore[misc]


def wrong_calls() -> list[Callable[[], object]]:
    creds = wdt_proto.Credentials("wdtapi3", "appkey", APP_SECRET)
    req = wdt_proto.build_request(creds, METHOD, unix_time=NOW)

    def verify(query: str, answer: object = APP_SECRET, now: int = NOW) -> object:
        def lookup(_sid: str, _key: str) -> Any:  # noqa: ANN401 - wrong answers too
            return answer

        return wdt_proto.verify(query, b"[]", lookup, now)

    query = req.query
    return [
        lambda: verify("%zz=1"),
        lambda: verify(query.replace("&v=1.0", "")),
        lambda: verify(f"{query}&sid=x"),
        lambda: verify(query, None),
        lambda: verify(query, wdt_proto.UnknownSid),
        lambda: verify(query, MARKER),
        lambda: verify(query, f"{MARKER}\n:salt"),
        lambda: verify(query, f"{MARKER}\ud83d:salt"),
        lambda: verify(query, APP_SECRET.encode()),
        lambda: verify(query.replace("v=1.0", "v=2.0")),
        lambda: verify(query.replace("timestamp=4", "timestamp=x")),
        lambda: verify(query, now=NOW + 121),
        lambda: verify(query[:-1] + ("0" if query[-1] != "0" else "1")),
        lambda: wdt_proto.sign(f"{MARKER}\ud83d", {"body": "[]"}),
        lambda: wdt_proto.sign(MARKER, {"body": object()}),  # type: ignore[arg-type]
        lambda: wdt_proto.sign(MARKER, {"\ud83d": "x"}),
        lambda: wdt_proto.sign(MARKER.encode(), {}),  # type: ignore[arg-type]
        lambda: wdt_proto.build_request(creds, "", unix_time=NOW),
        lambda: wdt_proto.build_request(creds, METHOD, raw_body=b"{", unix_time=NOW),
        lambda: wdt_proto.build_request(creds, METHOD, creds, unix_time=NOW),
        lambda: wdt_proto.build_request(creds, METHOD, unix_time=0),
        lambda: wdt_proto.explain(creds, METHOD, object(), unix_time=NOW),
        lambda: req.url("erp.example"),
    ]


@pytest.mark.parametrize("provoke", [*wrong_credentials(), *wrong_calls()])
def test_no_exception_holds_it(provoke: Callable[[], object]) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - all of them, of any type
        provoke()
    error = caught.value
    while True:
        for text in printed(error):
            assert_clean(text)
        assert_clean(repr(error.args))
        for line in traceback.format_exception_only(error):
            assert_clean(line)
        if isinstance(error, wdt_proto.WdtError):
            data = pickle.dumps(error)
            assert_clean(data)
            assert str(pickle.loads(data)) == str(error)  # noqa: S301 - our own bytes
        if error.__cause__ is None and error.__context__ is None:
            break
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
