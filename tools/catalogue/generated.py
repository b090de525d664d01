"""What the generators share: writing files, or checking that the committed ones are current."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import model

if TYPE_CHECKING:
    from pathlib import Path


def run(description: str, files: dict[Path, str], owned: set[Path] | None = None) -> int:
    """Write `files`, or with `--check` report those that differ; the exit status.

    `owned` are the files on disk that the generator is alone to write: what it would no longer
    write is removed, or reported.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if outdated")
    check = parser.parse_args().check
    stale = sorted((owned or set()) - set(files))
    outdated = [path for path, text in sorted(files.items()) if _text(path) != text]
    if check:
        for path in [*outdated, *stale]:
            print(f"outdated: {path.relative_to(model.ROOT)}", file=sys.stderr)
        return 1 if outdated or stale else 0
    for path in outdated:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path], encoding="utf-8", newline="\n")
    for path in stale:
        path.unlink()
    print(f"{len(outdated)} of {len(files)} files written, {len(stale)} removed")
    return 0


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
