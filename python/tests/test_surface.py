"""The rest of the surface: bad input, secrets, pickles, documentation."""

from __future__ import annotations

import ast
import copy
import inspect
import pickle
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import wdt_proto
from wdt_proto import _native

if TYPE_CHECKING:
    from collections.abc import Callable

# Known by name only: its arguments are not checked.
METHOD = "system.Core.now"


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (("", "k", "s:t"), "sid is empty"),
        (("s", "", "s:t"), "key is empty"),
        (("s", "k", "st"), "no ':'"),
        (("s", "k", ":t"), "secret"),
        (("s", "k", "s:"), "salt"),
        (("s\0", "k", "s:t"), "sid holds the control character U+0000"),
        (("s", "k", "s:t\n"), "strip the line break"),
        (("s", "k\udc00", "s:t"), "key holds half of a surrogate pair"),
    ],
)
def test_credentials_name_the_part(args: tuple[str, str, str], named: str) -> None:
    with pytest.raises(wdt_proto.CredentialsError) as caught:
        wdt_proto.Credentials(*args)
    assert named in str(caught.value)
    assert isinstance(caught.value, wdt_proto.WdtError)


def test_the_secret_is_shown_nowhere() -> None:
    creds = wdt_proto.Credentials("sid", "key", "S3CR3T-MARKER:salt")
    assert repr(creds) == 'Credentials { sid: "sid", key: "key", secret: "***" }'
    req = wdt_proto.build_request(creds, METHOD, 1)
    explanation = wdt_proto.explain(creds, METHOD, 1)
    with pytest.raises(wdt_proto.VerifyError) as verify_error:
        wdt_proto.verify(req.query, b"[2]", lambda _sid, _key: "S3CR3T-MARKER:salt")
    with pytest.raises(wdt_proto.CredentialsError) as credentials_error:
        wdt_proto.Credentials("sid", "key", "S3CR3T-MARKER\n:salt")
    errors = (verify_error.value, credentials_error.value)
    for shown in (
        creds,
        req,
        req.query,
        explanation,
        creds.__class__.__dict__,
        dir(creds),
        *errors,
    ):
        assert "S3CR3T-MARKER" not in repr(shown)
        assert "S3CR3T-MARKER" not in str(shown)
    with pytest.raises(TypeError):
        pickle.dumps(creds)
    with pytest.raises(TypeError):
        copy.deepcopy(creds)


@pytest.mark.parametrize(
    ("page_size", "page_no", "label"),
    [
        (0, 0, "page_size"),
        (-1, 0, "page_size"),
        (2**31, 0, "page_size"),
        (10**30, 0, "page_size"),
        (-(10**30), 0, "page_size"),
        (1, -1, "page_no"),
    ],
)
def test_pages_must_fit(page_size: int, page_no: int, label: str) -> None:
    with pytest.raises(wdt_proto.ValidationError) as caught:
        wdt_proto.Pager(page_size, page_no)
    (issue,) = caught.value.issues
    assert (issue.label, issue.code) == (label, "out_of_range")


@pytest.mark.parametrize("unix_time", [-1, 0, 1325347199, 2**63 - 1, 10**30, -(10**30)])
def test_times_must_fit(creds: wdt_proto.Credentials, unix_time: int) -> None:
    with pytest.raises(wdt_proto.ValidationError) as caught:
        wdt_proto.build_request(creds, METHOD, unix_time=unix_time)
    assert caught.value.issues[0].label == "unix_time"


def test_without_a_time_it_is_now(creds: wdt_proto.Credentials) -> None:
    before = int(time.time())
    req = wdt_proto.build_request(creds, METHOD)
    assert before <= req.timestamp + wdt_proto.EPOCH_UNIX <= int(time.time())
    with pytest.raises(TypeError):
        wdt_proto.build_request(creds, METHOD, unix_time=time.time())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"{}", "not_an_array"),
        ("1", "not_an_array"),
        (b"", "not_json"),
        (b"[\xff]", "not_json"),
        (b'["\x00"]', "not_json"),
        (b"[NaN]", "not_json"),
        ('["\ud83d"]', "unsupported_character"),
    ],
)
def test_raw_bodies_must_be_arrays(
    creds: wdt_proto.Credentials, raw: bytes | str, code: str
) -> None:
    with pytest.raises(wdt_proto.ValidationError) as caught:
        wdt_proto.build_request(creds, METHOD, raw_body=raw)
    assert caught.value.issues[0].code == code


def test_misuse(creds: wdt_proto.Credentials) -> None:
    with pytest.raises(TypeError, match="either"):
        wdt_proto.build_request(creds, METHOD, 1, raw_body=b"[]")
    with pytest.raises(TypeError, match="bytes, bytearray or str"):
        wdt_proto.build_request(creds, METHOD, raw_body=5)  # type: ignore[arg-type]
    for method in ("", "a\0b", "a\udc00b"):
        with pytest.raises(wdt_proto.ValidationError, match="method"):
            wdt_proto.build_request(creds, method)
    with pytest.raises(wdt_proto.ValidationError, match=r"^base: must start with"):
        wdt_proto.build_request(creds, METHOD).url("erp.example")


def test_url(creds: wdt_proto.Credentials) -> None:
    req = wdt_proto.build_request(creds, METHOD)
    for base in ("http://a.example", "http://a.example/openapi", "http://a.example/openapi/"):
        assert req.url(base) == f"http://a.example/openapi?{req.query}"


def test_large_responses_end_at_the_limit() -> None:
    body = b'{"status":0,"data":"' + b"x" * (64 << 20) + b'"}'
    with pytest.raises(wdt_proto.MalformedResponseError, match="limit") as caught:
        wdt_proto.parse_response(body)
    assert caught.value.body == body[: wdt_proto.MALFORMED_HEAD_BYTES]
    limits = wdt_proto.Limits(max_bytes=65 << 20)
    assert len(wdt_proto.parse_response(body, limits=limits).data) == 64 << 20


def test_responses_at_the_edges_of_python() -> None:
    def data(text: str, limits: wdt_proto.Limits | None = None) -> Any:  # noqa: ANN401
        return wdt_proto.parse_response(f'{{"status":0,"data":{text}}}', limits=limits).data

    nested = "[" * 100_000 + "]" * 100_000
    with pytest.raises(wdt_proto.MalformedResponseError, match="deeper than 128"):
        data(nested)
    found = data(nested, limits=wdt_proto.Limits(max_depth=100_001))
    depth = 0
    while found:
        found, depth = found[0], depth + 1
    assert depth == 99_999
    assert data('"\\ud83d\\ude00 \\ud83d x\\u00e9"') == "\U0001f600 \ud83d x\u00e9"
    assert data(str(2**70)) == 2**70
    for number in ("9" * 5000, "1e99999999999999999999"):
        with pytest.raises(wdt_proto.MalformedResponseError, match="cannot hold"):
            data(number)


@pytest.mark.parametrize(
    ("change", "check", "status", "kind"),
    [
        (lambda q: q.replace("sid=wdtapi3", "sid=x"), "unknown_sid", 1, "authentication"),
        (lambda q: q.replace("key=appkey", "key=x"), "unknown_key", 1, "authentication"),
        (lambda q: q.replace("v=1.0", "v=1.1"), "wrong_version", 8, "version"),
        (lambda q: q.replace("sign=", "sign=0"), "wrong_signature", 1, "authentication"),
        (lambda q: q.replace("v=1.0", "x=1"), "missing_parameter", 1, "parameter"),
        (lambda q: q + "&v=1.0", "duplicate_parameter", 1, "parameter"),
        (lambda q: q + "&%", "malformed_query", 1, "parameter"),
    ],
)
def test_verify_says_which_check_failed(
    creds: wdt_proto.Credentials, change: Callable[[str], str], check: str, status: int, kind: str
) -> None:
    req = wdt_proto.build_request(creds, METHOD, 1)

    def lookup(sid: str, key: str) -> str | type[wdt_proto.UnknownSid] | None:
        if sid != "wdtapi3":
            return wdt_proto.UnknownSid
        return "testsecret:testsalt" if key == "appkey" else None

    with pytest.raises(wdt_proto.VerifyError) as caught:
        wdt_proto.verify(change(req.query), req.body, lookup)
    error = caught.value
    assert (error.check, error.status, error.kind) == (check, status, kind)


def test_verify_compares_with_its_own_clock(creds: wdt_proto.Credentials) -> None:
    req = wdt_proto.build_request(creds, METHOD, unix_time=1775791716)

    def verify(now: int) -> wdt_proto.VerifiedCall:
        return wdt_proto.verify(req.query, req.body, lambda *_: "testsecret:testsalt", now)

    for now in (1775791596, 1775791836):
        assert verify(now).method == METHOD
    for now in (1775791595, 1775791837):
        with pytest.raises(wdt_proto.VerifyError) as caught:
            verify(now)
        assert (caught.value.check, caught.value.status) == ("stale_timestamp", 7)


def test_what_lookup_raises_goes_through(creds: wdt_proto.Credentials) -> None:
    req = wdt_proto.build_request(creds, METHOD)

    def lookup(_sid: str, _key: str) -> str:
        msg = "database down"
        raise ConnectionError(msg)

    with pytest.raises(ConnectionError, match="database down"):
        wdt_proto.verify(req.query, req.body, lookup)
    with pytest.raises(wdt_proto.CredentialsError):
        wdt_proto.verify(req.query, req.body, lambda *_: "nocolon")
    with pytest.raises(TypeError):
        wdt_proto.verify(req.query, req.body, lambda *_: 5)  # type: ignore[arg-type]


def errors() -> list[wdt_proto.WdtError]:
    issue = wdt_proto.Issue("/1/a", "type", "error", "/1/a: no", "")
    return [
        wdt_proto.CredentialsError("x"),
        wdt_proto.ValidationError([issue]),
        wdt_proto.ApiError(7, "时间戳错误", "timestamp", True, {"a": [1]}),  # noqa: FBT003
        wdt_proto.MalformedResponseError("why", b"<html>"),
        wdt_proto.TransportError("reset"),
        wdt_proto.VerifyError("wrong_signature", 1, "验证失败", "authentication", "why"),
    ]


@pytest.mark.parametrize("error", errors(), ids=lambda error: type(error).__name__)
def test_exceptions_pickle(error: wdt_proto.WdtError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(again) is type(error)
    assert (str(again), vars(again)) == (str(error), vars(error))


def test_a_pager_takes_the_total_as_the_wire_writes_it() -> None:
    for said, total in ((1, True), (0, False), (True, True), (False, False)):
        pager = wdt_proto.Pager(10, calc_total=said)  # type: ignore[arg-type]
        assert pager.calc_total is total
        assert pager == wdt_proto.Pager(10, 0, total)
    for wrong in (2, -1, 1.0, "1", None):
        with pytest.raises(TypeError):
            wdt_proto.Pager(10, calc_total=wrong)  # type: ignore[arg-type]


def test_results_pickle_and_compare() -> None:
    for value in (
        wdt_proto.Pager(10, 2, calc_total=True),
        wdt_proto.Limits(max_bytes=5),
        wdt_proto.parse_response(b'{"status":0,"data":[1.50]}'),
    ):
        again = pickle.loads(pickle.dumps(value))  # noqa: S301
        assert again == value
        assert repr(again) == repr(value)
    assert repr(wdt_proto.Pager(10)) == "Pager(page_size=10, page_no=0, calc_total=False)"
    assert hash(wdt_proto.Pager(10)) == hash(wdt_proto.Pager(10))


def test_errors_say_what_to_do() -> None:
    with pytest.raises(wdt_proto.ApiError) as caught:
        wdt_proto.parse_response('{"status":1,"message":"验证失败"}')
    text = str(caught.value)
    assert "验证失败" in text
    assert "explain" in text


def test_the_stub_documents_what_help_shows() -> None:
    stub = Path(wdt_proto.__file__).with_name("_native.pyi").read_text(encoding="utf-8")
    checked = 0
    for node in ast.parse(stub).body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        described: list[tuple[Any, ast.AST]] = [(getattr(_native, node.name), node)]
        if isinstance(node, ast.ClassDef):
            members = [m for m in node.body if isinstance(m, ast.FunctionDef)]
            described += [
                (getattr(described[0][0], m.name), m) for m in members if ast.get_docstring(m)
            ]
        for thing, documented in described:
            assert isinstance(documented, ast.FunctionDef | ast.ClassDef)
            assert inspect.getdoc(thing) == ast.get_docstring(documented), documented.name
            checked += 1
    assert checked == 78


def test_the_package_does_not_import_the_types_of_all_methods() -> None:
    # In a process of its own: other tests may have imported them. They cost only those who do.
    script = "import sys, wdt_proto; sys.exit('wdt_proto.types' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0  # noqa: S603
