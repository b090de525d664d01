"""Contestants as processes that answer a line for a line: their builds, check and rounds.

The commands, the same for all: `run TASK TIMES` answers how many nanoseconds that many calls
took; `show TASK [STOCK]` answers what a call makes, `QUERY<tab>BODY`, with STOCK in place of
syn_stock, or `!REASON` where it refuses; for a task that parses it answers
`GOODS<tab>FIRST PRICE<tab>LAST BARCODE`.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
from datetime import datetime, timezone
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from entries import BUILDING, GROUPS, PARSE, Entry
from reply import EXACT, SPECS, reply

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[1]
HERE = ROOT / "benches" / "contestants"
OUT = ROOT / "target" / "bench-peers"
VECTORS = ROOT / "crates" / "wdt-proto" / "testdata" / "signing.json"
METHOD = "sales.StockSync.syncFail"
SECRET = "testsecret"
PHP_SETTINGS = (
    "opcache.enable=1",
    "opcache.enable_cli=1",
    "opcache.jit=tracing",
    "opcache.jit_buffer_size=64M",
)
# How each process is told apart from another in the same language, and what it needs.
NEEDS = {
    "php": ("php",),
    "php-wdt": ("php", "phpize"),
    "node": ("node",),
    "java": ("java", "javac"),
}
# Where ours is imported from: the wheel for this CPython alone, which is installed, or what
# `make develop` built.
OURS_PYTHON = {"python": "", "python-abi3": str(ROOT / "python")}
WARM_UP_SECONDS = {"java": 5.0, "node": 2.0}


class WrongError(Exception):
    """A contestant does not do what the others do."""


def command(process: str) -> list[str]:
    """Give the command line that starts a contestant."""
    folder = str(OUT)
    php = ["php", *(part for setting in PHP_SETTINGS for part in ("-d", setting))]
    who = "ours" if process in OURS_PYTHON else process.removeprefix("python-")
    if process.startswith("python"):
        return [sys.executable, str(HERE / "contestant.py"), who, folder]
    return {
        "rust": [str(ROOT / "target" / "release" / "contestant"), folder],
        "c": [str(OUT / "contestant"), folder],
        "php": [*php, str(HERE / "contestant.php"), folder],
        "php-wdt": [
            *php,
            "-d",
            f"extension={ROOT / 'target' / 'php-ext' / 'modules' / 'wdt.so'}",
            str(HERE / "contestant.php"),
            folder,
        ],
        "node": ["node", str(HERE / "contestant.mjs"), folder],
        "java": ["java", "-cp", folder, "Contestant", folder],
    }[process]


class Contestant:
    """A running contestant."""

    def __init__(self, process: str) -> None:
        """Start it."""
        self.name = process
        path = os.environ.get("LD_LIBRARY_PATH")
        libraries = [str(ROOT / "target" / "release"), *([path] if path else [])]
        env = {
            **os.environ,
            "PYTHONPATH": OURS_PYTHON.get(process, ""),
            "LD_LIBRARY_PATH": ":".join(libraries),
        }
        self._process = subprocess.Popen(
            command(process),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=env,
        )

    def ask(self, line: str) -> str:
        """Send a line, wait for its answer."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise AssertionError
        stdin.write(line + "\n")
        stdin.flush()
        answer = stdout.readline()
        if not answer:
            msg = f"{self.name}: no answer to {line!r}"
            raise WrongError(msg)
        return answer.rstrip("\n")

    def run(self, task: str, times: int) -> float:
        """Give the nanoseconds of one call, of so many."""
        return int(self.ask(f"run {task} {times}")) / times

    def close(self) -> None:
        """Let it end."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()


def missing() -> dict[str, str]:
    """Name the contestants whose runtime is not on this machine, and what they lack."""
    lacking = {
        process: ", ".join(tool for tool in tools if shutil.which(tool) is None)
        for process, tools in NEEDS.items()
    }
    return {process: tools for process, tools in lacking.items() if tools}


def vectors() -> dict[str, dict[str, str]]:
    """Give the signing vectors by their names."""
    cases = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]
    return {case["name"]: case for case in cases}


DOCUMENTED = "syncFail, the documented example body"
SIXTEEN = "syncFail, all sixteen info fields, Chinese text"


def prepare(absent: Iterable[str]) -> None:
    """Write the inputs, build the contestants that are not in a scripting language."""
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "raw.json").write_text(vectors()[DOCUMENTED]["body"], encoding="utf-8")
    (OUT / "reply.json").write_bytes(reply())
    build = ["cargo", "build", "--quiet", "--release", "--locked", "-p", "wdt-bench-peers"]
    subprocess.run(build, cwd=ROOT, check=True)
    release = ROOT / "target" / "release"
    cc = [
        os.environ.get("CC", "cc"),
        "-std=c11",
        "-D_POSIX_C_SOURCE=200809L",
        "-O2",
        "-Wall",
        "-Wextra",
        "-Werror",
    ]
    cc += [f"-I{ROOT / 'include'}", str(HERE / "contestant.c"), "-o", str(OUT / "contestant")]
    subprocess.run([*cc, f"-L{release}", "-lwdt"], check=True)
    if "java" not in absent:
        javac = ["javac", "-encoding", "UTF-8", "-Xlint:all", "-Werror", "-d", str(OUT)]
        subprocess.run([*javac, str(HERE / "Contestant.java")], check=True)
    if "php-wdt" not in absent:
        subprocess.run(
            ["make", "--no-print-directory", "--silent", "php-extension"], cwd=ROOT, check=True
        )


def sign(query: str, body: str) -> str:
    """Sign what was built, from its own bytes; hashlib, none of the contestants' code."""
    params = {
        key: values[0]
        for key, values in parse_qs(query, keep_blank_values=True).items()
        if key != "sign"
    }
    params["body"] = body
    text = SECRET + "".join(key + params[key] for key in sorted(params)) + SECRET
    return hashlib.md5(text.encode()).hexdigest()


def exactly(text: str) -> object:
    """Read JSON so that equal means the same numbers."""
    return json.loads(text, parse_float=Decimal)


def expect(holds: object, entry: Entry, what: str) -> None:
    """Stop where something does not hold."""
    if not holds:
        msg = f"{entry.process}, {entry.task}: {what}"
        raise WrongError(msg)


def check_request(entry: Entry, answer: str, case: dict[str, str]) -> None:
    """Hold what an entry built against a vector: the query, the numbers, the signature."""
    query, _, body = answer.partition("\t")
    sent = {key: values[0] for key, values in parse_qs(query, keep_blank_values=True).items()}
    expected: dict[str, str] = {**case["query"]}  # type: ignore[dict-item]
    expect(
        sent.pop("sign", "") == sign(query, body),
        entry,
        f"the signature is not that of its bytes: {answer}",
    )
    expected.pop("sign")
    expect(sent == expected, entry, f"another query: {sent}")
    expect(exactly(body) == exactly(case["body"]), entry, f"other arguments: {body}")


def check_building(entry: Entry, contestant: Contestant) -> None:
    """Hold a building entry against the vectors."""
    documented, sixteen = vectors()[DOCUMENTED], vectors()[SIXTEEN]
    if not entry.is_peer:
        answer = contestant.ask("show raw")
        expect(
            documented["sign"] not in answer,
            entry,
            "it signs as the open API wants: make it a peer",
        )
        return
    answer = contestant.ask(f"show {entry.task}")
    check_request(entry, answer, documented)
    if entry.task.startswith("raw"):
        expect(answer.endswith("\t" + documented["body"]), entry, "the body was changed")
        expect(documented["sign"] in answer, entry, f"not the vector's signature: {answer}")
        return
    answer = contestant.ask("show sixteen")
    check_request(entry, answer, sixteen)
    if entry.exact:
        expect(answer.endswith("\t" + sixteen["body"]), entry, f"not the vector's bytes: {answer}")
        expect(f"sign={sixteen['sign']}" in answer, entry, f"not the vector's signature: {answer}")
        if entry.task == "typed":
            sent = probe(contestant, EXACT)
            expect(sent == EXACT, entry, f"sends {sent} for {EXACT}")
    if entry.task == "valid":
        refused = contestant.ask("show valid 1.00001")
        expect(
            refused.startswith("!/1/syn_stock"), entry, f"five fractional digits passed: {refused}"
        )


def probe(contestant: Contestant, stock: str, task: str = "typed") -> str:
    """Say what a contestant sends for a stock that it is given as its usual number."""
    answer = contestant.ask(f"show {task} {stock}")
    return answer.split('syn_stock":', 1)[1].split(",", 1)[0] if "syn_stock" in answer else answer


def check_parsing(entry: Entry, contestant: Contestant) -> str:
    """Hold a parsing entry against the reply; give the price that it read."""
    goods, price, barcode = contestant.ask(f"show {entry.task}").split("\t")
    rows = json.loads((OUT / "reply.json").read_bytes())["data"]["goods_list"]
    expect(int(goods) == len(rows), entry, f"read {goods} goods of {len(rows)}")
    expect(
        barcode == rows[-1]["spec_list"][SPECS - 1]["barcode"],
        entry,
        f"the last barcode is not {barcode}",
    )
    expect(not entry.exact or price == EXACT, entry, f"read {price} for {EXACT}")
    return price


def load() -> float:
    """Give the machine's load before the run: 0 is quiet."""
    return os.getloadavg()[0]


def facts(load_before: float, absent: Iterable[str]) -> dict[str, str]:
    """Say when, where and with what the run was made."""

    def version(*words: str) -> str:
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        return (done.stdout or done.stderr).splitlines()[0]

    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.processor()
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "") if cpuinfo.exists() else ""
    libraries = ("orjson", "simplejson", "wdtqm")
    found = {
        "date": datetime.now(tz=timezone.utc).date().isoformat(),
        "machine": f"{model}, {os.cpu_count()} cores, {platform.machine()}",
        "system": f"{system or platform.system()}, Linux {platform.release().split('-')[0]}",
        "load": f"{load_before:.2f}",
        "rust": version("rustc", "--version").split(" (")[0],
        "c": version(os.environ.get("CC", "cc"), "--version"),
        "python": f"CPython {platform.python_version()}, "
        + ", ".join(f"{name} {metadata.version(name)}" for name in libraries),
    }
    if "php" not in absent:
        found["php"] = version("php", "--version").split(" (")[0] + ", opcache with JIT"
    if "node" not in absent:
        found["node"] = "Node " + version("node", "--version")
    if "java" not in absent:
        found["java"] = version("java", "--version")
    return found


def start(entries: Iterable[Entry], absent: Iterable[str]) -> dict[str, Contestant]:
    """Start the processes of some entries."""
    names = dict.fromkeys(entry.process for entry in entries if entry.process not in absent)
    return {name: Contestant(name) for name in names}


def check(absent: Iterable[str]) -> dict[str, str]:
    """Check every entry; give what each makes of the exact number, by group and name."""
    kept: dict[str, str] = {}
    running = start((entry for group in GROUPS.values() for entry in group), absent)
    for group, entries in GROUPS.items():
        for entry in entries:
            contestant = running.get(entry.process)
            if contestant is None:
                continue
            if group == "parse":
                kept[entry.name] = check_parsing(entry, contestant)
            else:
                check_building(entry, contestant)
                if group == "typed" and entry.is_peer and entry.task == "typed":
                    kept[entry.name] = probe(contestant, EXACT)
    for contestant in running.values():
        contestant.close()
    return kept


Times = dict[str, dict[str, list[float]]]


def measure(rounds: int, slice_seconds: float, absent: Iterable[str]) -> Times:
    """Measure all groups; the times of a round of an entry, in nanoseconds a call."""
    building = [(group, entry) for group, entries in BUILDING.items() for entry in entries]
    parsing = [("parse", entry) for entry in PARSE]
    times: Times = {group: {} for group in GROUPS}
    # Parsing takes a thousand times as long: fewer rounds, each of few calls.
    for part, part_rounds in ((building, rounds), (parsing, max(3, rounds // 4))):
        running = start((entry for _, entry in part), absent)
        here = [(group, entry) for group, entry in part if entry.process in running]
        calls = {}
        for group, entry in here:
            calls[group, entry.name] = warm_up(running[entry.process], entry.task, slice_seconds)
            times[group][entry.name] = []
        for number in range(part_rounds):
            # All take turns, in another order every round: what disturbs the machine hits all.
            order = here.copy()
            random.Random(number).shuffle(order)  # noqa: S311
            for group, entry in order:
                one = running[entry.process].run(entry.task, calls[group, entry.name])
                times[group][entry.name].append(one)
        for contestant in running.values():
            contestant.close()
    return times


def warm_up(contestant: Contestant, task: str, slice_seconds: float) -> int:
    """Run a task until it is warm; say how many calls fill a slice."""
    calls, spent, one = 1, 0.0, 0.0
    # Java and Node compile as they go.
    while spent < WARM_UP_SECONDS.get(contestant.name, 0.3) * 1e9:
        one = contestant.run(task, calls)
        spent += one * calls
        calls = max(1, min(calls * 4, round(slice_seconds * 1e9 / one)))
    return calls


def median_ratio(ours: list[float], theirs: list[float]) -> float:
    """Give how many times as long they take: the median of the rounds' ratios."""
    return statistics.median(their / our for our, their in zip(ours, theirs, strict=True))
