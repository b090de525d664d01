"""Many threads at once: equal results, and a GIL that is let go of for large bodies."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import wdt_proto

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

THREADS = 16
ROUNDS = 60
NOW = 1775791716
HERE = str(Path(__file__).parent)
METHOD = "goods.Goods.push"
LARGE = 50_000_000
ROOMY = wdt_proto.Limits(max_bytes=64 << 20)
HAS_GIL = getattr(sys, "_is_gil_enabled", lambda: True)()


@contextmanager
def switch_interval(seconds: float) -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(seconds)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def hammer(work: Callable[[int], None]) -> None:
    """Run ``work(number)`` in all threads, which start together and change as often as they can."""
    barrier = threading.Barrier(THREADS)

    def run(number: int) -> None:
        barrier.wait()
        work(number)

    with switch_interval(1e-6), ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(run, range(THREADS)))  # what a thread raises, this raises


def md5_of(req: wdt_proto.SignedRequest) -> str:
    """Sign as the vendor's documentation says, by Python's own means."""
    params = {key: value for key, value in req.query_pairs if key != "sign"}
    params["body"] = req.body.decode()
    joined = "".join(key + params[key] for key in sorted(params))
    return hashlib.md5(f"testsecret{joined}testsecret".encode()).hexdigest()  # noqa: S324


def test_one_credentials_object_signs_for_all(creds: wdt_proto.Credentials) -> None:
    def work(number: int) -> None:
        for turn in range(ROUNDS):
            price = Decimal(f"{number}.{turn:04}")
            args = {"goods_no": f"货-{number}-{turn}", "price": price, "list": list(range(turn))}
            req = wdt_proto.build_request(creds, METHOD, args, unix_time=NOW + turn, level="off")
            # The body by Python's own means, too: repr of a Decimal is its number in JSON.
            text = json.dumps({**args, "price": "@"}, ensure_ascii=False, separators=(",", ":"))
            assert req.body.decode() == f"[{text}]".replace('"@"', str(price))
            assert req.sign == md5_of(req)
            explained = wdt_proto.explain(creds, METHOD, raw_body=req.body, unix_time=NOW + turn)
            assert explained.sign == req.sign
            call = wdt_proto.verify(
                req.query, req.body, lambda _sid, _key: "testsecret:testsalt", NOW + turn
            )
            assert call.body == req.body
            assert repr(creds).count("testsecret") == 0

    hammer(work)


def test_replies_are_parsed_apart() -> None:
    refused = b'{"status":100,"message":"\xe8\xb6\x85\xe8\xbf\x87"}'

    def work(number: int) -> None:
        for turn in range(ROUNDS):
            rows = [{"id": number, "turn": turn, "stock": f"{number}.{turn:04}"}] * (turn + 1)
            body = json.dumps({"status": 0, "data": rows}).replace('"stock": "', '"stock": ')
            body = body.replace(f'.{turn:04}"', f".{turn:04}")
            expected = json.loads(body, parse_float=Decimal)["data"]
            assert wdt_proto.parse_response(body).data == expected
            with pytest.raises(wdt_proto.ApiError, match="超过"):
                wdt_proto.parse_response(refused)

    hammer(work)


def method_file(name: str) -> str:
    file = {"method": name, "title": name, "documented": True, "params": []}
    return json.dumps(file, ensure_ascii=False)


def test_the_catalogue_is_read_while_it_grows() -> None:
    # In a process of its own: what is registered stays.
    script = """
import test_threads, wdt_proto
before = {method.name for method in wdt_proto.catalogue.methods()}
def work(number):
    for turn in range(20):
        name = f"test.Threads{number}.turn{turn}"
        wdt_proto.catalogue.register(test_threads.method_file(name))
        found = wdt_proto.catalogue.method(name)
        assert found is not None and found.title == name, name
        try:
            wdt_proto.catalogue.register("{")
        except wdt_proto.CatalogueError:
            pass
        names = [method.name for method in wdt_proto.catalogue.methods()]
        assert len(names) == len(set(names)) and before < set(names)
        assert wdt_proto.validate(name, "[]", "strict").ok
test_threads.hammer(work)
after = {method.name for method in wdt_proto.catalogue.methods()}
assert len(after - before) == test_threads.THREADS * 20
print("registered", len(after - before))
"""
    assert run(script) == "registered 320\n"


def test_a_refused_method_leaves_the_catalogue_open() -> None:
    # Making an exception runs Python code, here code that waits for a reader of the catalogue.
    script = """
import threading, wdt_proto
from wdt_proto import _errors
class Waiting(wdt_proto.CatalogueError):
    def __init__(self, *args):
        super().__init__(*args)
        reader = threading.Thread(target=wdt_proto.catalogue.methods)
        reader.start()
        reader.join()
_errors.CatalogueError = Waiting
try:
    wdt_proto.catalogue.register("{")
except Waiting:
    print("refused")
"""
    assert run(script) == "refused\n"


def run(script: str) -> str:
    """Run a script beside this file, and give what it prints; what hangs fails."""
    done = subprocess.run(  # noqa: S603 - our own scripts
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {HERE!r})\n{script}"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert not done.returncode, done.stderr
    return done.stdout


@contextmanager
def changed_at_worst() -> Iterator[None]:
    """Let pass what says that the arguments were changed: the one reason to refuse them."""
    try:
        yield
    except wdt_proto.ValidationError as error:
        if not error.issues[0].message.endswith("the dict was changed while it was read"):
            raise


def test_arguments_that_another_thread_changes(creds: wdt_proto.Credentials) -> None:
    """Whatever is sent is JSON and signed; nothing panics."""
    shared: dict[str, Any] = {"list": [1, 2, 3], "goods_no": "a"}
    numbers: list[int] = shared["list"]
    done = threading.Event()

    def change() -> None:
        turn = 0
        while not done.is_set():
            turn += 1
            shared[f"key{turn % 50}"] = turn
            shared.pop(f"key{(turn + 25) % 50}", None)
            numbers.append(turn)
            if len(numbers) > 40:
                numbers.clear()

    changing = threading.Thread(target=change)

    def work(_number: int) -> None:
        for _ in range(ROUNDS):
            with changed_at_worst():
                req = wdt_proto.build_request(creds, METHOD, shared, unix_time=NOW, level="off")
                assert json.loads(req.body)[0]["goods_no"] == "a"
                assert req.sign == md5_of(req)

    changing.start()
    try:
        hammer(work)
    finally:
        done.set()
        changing.join()


@cache
def large_body() -> bytes:
    return b'[{"remark":"' + b"x" * LARGE + b'"}]'


@cache
def large_reply() -> bytes:
    return b'{"status":0,"data":{"text":"' + b"x" * LARGE + b'"}}'


def signed(creds: wdt_proto.Credentials) -> wdt_proto.SignedRequest:
    return wdt_proto.build_request(
        creds, METHOD, raw_body=large_body(), unix_time=NOW, level="off", limits=ROOMY
    )


def letting_go(creds: wdt_proto.Credentials) -> dict[str, Callable[[], object]]:
    req = signed(creds)
    return {
        "build_request": lambda: signed(creds),
        "explain": lambda: wdt_proto.explain(
            creds, METHOD, raw_body=large_body(), unix_time=NOW, limits=ROOMY
        ),
        "validate": lambda: wdt_proto.validate(METHOD, large_body(), limits=ROOMY),
        "parse_response": lambda: wdt_proto.parse_response(large_reply(), limits=ROOMY),
        "sign": lambda: wdt_proto.sign("testsecret", {"body": large_body()}),
        "verify": lambda: wdt_proto.verify(
            req.query, req.body, lambda _sid, _key: "testsecret:testsalt", NOW
        ),
    }


@pytest.mark.parametrize(
    "name", ["build_request", "explain", "validate", "parse_response", "sign", "verify"]
)
def test_large_bodies_let_other_threads_run(creds: wdt_proto.Credentials, name: str) -> None:
    work = letting_go(creds)[name]
    # A system under load may give the other thread no turn at first: many tries, no clock.
    assert any(moved_during(work) for _ in range(50))


def test_what_holds_the_gil_lets_no_thread_run() -> None:
    # So that the test above can fail: the same measure, of work that does not let go.
    assert not (HAS_GIL and moved_during(lambda: sum(range(1_000_000))))


def moved_during(work: Callable[[], object]) -> bool:
    """Whether another thread made a step during ``work``, which it can only without the GIL."""
    steps = 0
    done = threading.Event()
    started = threading.Event()

    def count() -> None:
        nonlocal steps
        while not done.is_set():
            steps += 1
            started.set()
            time.sleep(0)  # lets go by itself

    counting = threading.Thread(target=count)
    # Nobody is made to let go: who waits for the GIL gets it when its holder gives it away.
    with switch_interval(1000):
        counting.start()
        started.wait()
        before = steps
        work()
        moved = steps > before
        done.set()
        counting.join()
    return moved
