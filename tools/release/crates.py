"""What the workspace ships, asked of Cargo: crates to publish, and crates that become binaries.

usage: crates.py publishable | shipped | programs
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def cargo(*arguments: str) -> str:
    """Give what `cargo` prints; its complaints go to the terminal."""
    command = ["cargo", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


def members() -> list[dict[str, Any]]:
    """Give the workspace's packages, as `cargo metadata` describes them."""
    printed = cargo("metadata", "--locked", "--no-deps", "--format-version=1")
    packages: list[dict[str, Any]] = json.loads(printed)["packages"]
    return packages


def publishable() -> list[str]:
    """Name the crates that go to the registry: all but those that say `publish = false`."""
    return [str(package["name"]) for package in members() if package["publish"] != []]


def targets(kinds: set[str]) -> list[tuple[str, str]]:
    """List crate and name of what the crates under crates/ build of these kinds."""
    return [
        (str(package["name"]), str(target["name"]))
        for package in members()
        if Path(package["manifest_path"]).is_relative_to(ROOT / "crates")
        for target in package["targets"]
        if kinds & set(target["kind"])
    ]


def shipped() -> list[str]:
    """Name the crates whose binaries go to users: those with a shared library or a program."""
    return sorted({crate for crate, _ in targets({"cdylib", "bin"})})


def programs() -> list[str]:
    """Give a line for each program: its crate, and its name."""
    return [f"{crate} {name}" for crate, name in targets({"bin"})]


if __name__ == "__main__":
    print(
        *{"publishable": publishable, "shipped": shipped, "programs": programs}[sys.argv[1]](),
        sep="\n",
    )
