#!/usr/bin/env python3
"""Write the client for threads from the one for tasks: the same words without ``await``.

tools/unasync.py           write python/wdt_proto/_client.py
tools/unasync.py --check   exit 1 if the committed file is outdated
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "python" / "wdt_proto"
SOURCE = PACKAGE / "_async_client.py"
TARGET = PACKAGE / "_client.py"
NOTICE = '''"""The client for threads, on ``httpx.Client``.

Generated from ``_async_client.py`` by ``tools/unasync.py``; do not edit.
"""'''
WORDS = {
    r"async (def|with|for)\b": r"\1",
    r"``async with``": "``with``",
    r"\bawait ": "",
    r"\bAsync(Client|Pull|StockSync|Iterator|Transport|BaseTransport)\b": r"\1",
    r"\bStopAsyncIteration\b": "StopIteration",
    r"\baiter_bytes\b": "iter_bytes",
    r"\baclose\b": "close",
    r"\b__a(enter|exit|iter|next)__": r"__\1__",
    r"\bsleep_async\b": "sleep",
    # With `async` gone from the second, the linter would have the two in one.
    r"with within_async\((.*)\) as deadline:": r"with within(\1) as deadline:  # noqa: SIM117",
    r"\bwithin_async\b": "within",
    r"\bby tasks\b": "by threads",
}


def translate(text: str) -> str:
    """Return the file for threads, as the formatter lays it out."""
    text = re.sub(r'\A""".*?"""', lambda _: NOTICE, text, flags=re.DOTALL)
    for pattern, replacement in WORDS.items():
        text = re.sub(pattern, replacement, text)
    for command in (["check", "--quiet", "--select", "I", "--fix"], ["format", "--quiet"]):
        arguments = [sys.executable, "-m", "ruff", *command, f"--stdin-filename={TARGET}", "-"]
        done = subprocess.run(arguments, input=text, capture_output=True, text=True, check=True)  # noqa: S603
        text = done.stdout
    return text


def main() -> int:
    """Run the command line."""
    text = translate(SOURCE.read_text(encoding="utf-8"))
    if sys.argv[1:] != ["--check"]:
        TARGET.write_text(text, encoding="utf-8", newline="\n")
        return 0
    if TARGET.read_text(encoding="utf-8") == text:
        return 0
    print(f"{TARGET.name} is not what {SOURCE.name} says: run tools/unasync.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
