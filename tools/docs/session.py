"""Runs the blocks of a page one after another, as its reader would, against a sandbox.

What a block of each language means:

- `python`: run, in one namespace a page. Comments at its end are what it prints. A function
  `test_…` with the parameter `wdt_sandbox` is called, with a sandbox of its own.
- `console`: lines with `$` are run in bash, what stands below is their output: `…` in a line is any
  text, a line of `…` any lines. Where there is no output below, the command has to succeed. A
  sandbox that is started runs until the page's end. `make …` is looked up in the Makefile; what
  installs something on the reader's machine (NOT_RUN) is not run.
- `c`, `php`: the file that the title names, for the console blocks behind it. C is compiled as
  C99 with warnings as errors.
- `rust`: a doc test of wdt-proto or wdt-sandbox, or a file of examples/rust.
- `json`, `toml`, `ini`: parsed. `text`: the only language that nothing is done with.
"""

from __future__ import annotations

import configparser
import contextlib
import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli
import wdt_proto
from pages import ROOT, Block, name
from wdt_proto.sandbox import Sandbox

if TYPE_CHECKING:
    from typing_extensions import Self

# As `make` builds it; an environment that names another one has its way.
os.environ.setdefault("WDT_SANDBOX", str(ROOT / "target" / "debug" / "wdt-sandbox"))

NOT_RUN = ("pip install ", "sudo ldconfig", "apt-get install ")
SERVERS = ("wdt sandbox", "wdt-sandbox")
BASE = "https://erp.example"
PORT = "8620"
STRICT = "-std=c99 -Wall -Wextra -Wpedantic -Werror"
ROWS = {
    "rows": ["sales.TradeQuery.queryWithDetail=3000"],
    "rows-span": "2026-11-01..2026-11-01",
}
# The account and the good that the front pages and the vendor's own example have.
SEED = {
    "credentials": [{"sid": "wdtapi3", "key": "appkey", "appsecret": "testsecret:testsalt"}],
    "goods": [{"api_goods_id": 2447, "stock": {"6": "3.0000"}, "stock_change_count": 2}],
}


class Session:
    """One page's reader: a folder, an environment, a sandbox, and Python's names."""

    def __init__(self, page: Path, folder: Path) -> None:
        """Lay out a folder that looks like the repository's root."""
        self.page, self.folder = page, folder
        self.names: dict[str, Any] = {"__name__": "page"}
        self._servers: list[subprocess.Popen[str]] = []
        seed = SEED if page.parent == ROOT else None
        # Who pulls has rows to pull.
        has_rows = page.name.startswith("pull.")
        self.sandbox = Sandbox(seed=seed, options=ROWS if has_rows else None)
        self.env: dict[str, str] = {}
        self.port = ""
        for path in ROOT.iterdir():
            if not path.name.startswith("."):
                (folder / path.name).symlink_to(path)

    def __enter__(self) -> Self:
        """Start the sandbox; what is built comes first in PATH."""
        programs = self.folder / "bin"
        programs.mkdir()
        compiler = programs / "cc"
        compiler.write_text(f'#!/bin/sh\nexec {shutil.which("cc")} {STRICT} "$@"\n')
        compiler.chmod(0o755)
        self.sandbox.start()
        path = f"{programs}:{ROOT / 'target' / 'debug'}:{os.environ['PATH']}"
        # A page shows what its readers see.
        language = "zh" if self.page.name.endswith(".zh-CN.md") else "en"
        fixed = {"PATH": path, "NO_COLOR": "1", "WDT_LANG": language}
        self.env = {**os.environ, **self.sandbox.environment(), **fixed}
        return self

    def __exit__(self, *_: object) -> None:
        """Stop what was started."""
        for client in self.names.values():
            if isinstance(client, wdt_proto.Client):
                client.close()
        self.sandbox.stop()
        for server in self._servers:
            server.terminate()
            server.communicate(timeout=30)

    def run(self, block: Block) -> None:
        """Run one block; an AssertionError names its place."""
        where = f"{name(self.page)}:{block.line}"
        run = getattr(self, f"_{block.language}", None)
        assert run is not None, (
            f"{where}: nothing executes a block of {block.language or 'no language'}"
        )
        run(block, where)

    def _python(self, block: Block, where: str) -> None:
        code = compile(block.text.replace(BASE, self.env["WDT_BASE_URL"]), where, "exec")
        before = set(self.names)
        printed = io.StringIO()
        saved, home = dict(os.environ), Path.cwd()
        os.environ.update(self.env)
        os.chdir(self.folder)
        try:
            with contextlib.redirect_stdout(printed):
                exec(code, self.names)  # noqa: S102 - that is what this is for
        finally:
            os.chdir(home)
            os.environ.clear()
            os.environ.update(saved)
        promised = re.search(r"(?:^# .*\n)+\Z", block.text, re.MULTILINE)
        if promised:
            match(promised[0].replace("# ", "", 1).replace("\n# ", "\n"), printed.getvalue(), where)
        for test in set(self.names) - before:
            if test.startswith("test_"):
                with Sandbox() as sandbox:
                    self.names[test](sandbox)

    def _console(self, block: Block, where: str) -> None:
        steps = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE)
        assert "".join(f"$ {command}\n{output}" for command, output in steps) == block.text, where
        for command, output in steps:
            if self.port:
                command, output = command.replace(PORT, self.port), output.replace(PORT, self.port)  # noqa: PLW2901
            if command.startswith(NOT_RUN):
                continue
            if command.startswith(SERVERS):
                self._serve(command, output, where)
            elif command.startswith("make "):
                self._make(command, where)
            elif command.startswith("cargo install "):
                crate = re.search(r"--path (\S+)", command)
                assert crate, where
                assert "[[bin]]" in (ROOT / crate[1] / "Cargo.toml").read_text(), where
            else:
                self._bash(command, output, where)

    def _bash(self, command: str, output: str, where: str, cwd: Path | None = None) -> None:
        kept = self.folder / "environment"
        # An export is for the commands that follow.
        script = f"{command}\nstatus=$?\nenv -0 > {kept}\nexit $status"
        done = subprocess.run(  # noqa: S603 - the documents' own commands
            ["bash", "-c", script],  # noqa: S607
            cwd=cwd or self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        if output:
            match(output, done.stdout, f"{where}: $ {command}")
        else:
            assert done.returncode == 0, f"{where}: $ {command}\n{done.stdout}"
        variables = kept.read_text(encoding="utf-8").rstrip("\0").split("\0")
        self.env = dict(variable.split("=", 1) for variable in variables)

    def _make(self, command: str, where: str) -> None:
        words = command.split("#", maxsplit=1)[0].split()[1:]
        targets = [word for word in words if "=" not in word]
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        for target in targets:
            assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE), (
                f"{where}: make {target}"
            )
        # Into the folder of builds: that one is run, since programs are then compiled with it.
        if targets == ["install"] and "$PWD/target/" in command:
            self._bash(command.replace("make", "make --no-print-directory", 1), "", where, ROOT)

    def _serve(self, command: str, output: str, where: str) -> None:
        script = f"exec {command} --listen 127.0.0.1:0 --rate-limit 0"
        server = subprocess.Popen(  # noqa: S603 - our own program
            ["bash", "-c", script],  # noqa: S607
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._servers.append(server)
        assert server.stdout is not None
        lines = []
        for line in server.stdout:
            lines.append(line)
            if line.startswith("Ctrl-C"):
                break
        printed = "".join(lines)
        exported = dict(re.findall(r"^export (\w+)=(.*)$", printed, re.MULTILINE))
        assert len(exported) == 4, f"{where}: $ {command}\n{printed}"
        self.env |= exported
        self.port = exported["WDT_BASE_URL"].rpartition(":")[2].removesuffix("/openapi")
        # That it goes on is left out as often as not.
        printed = re.sub(r"\nCtrl-C .*\n\Z", "", printed)
        match(
            re.sub(r"\n\nCtrl-C .*", "", output.replace(PORT, self.port)),
            printed,
            f"{where}: $ {command}",
        )

    def _c(self, block: Block, where: str) -> None:
        self._file(block, where)

    def _php(self, block: Block, where: str) -> None:
        self._file(block, where)

    def _file(self, block: Block, where: str) -> None:
        assert block.title, f"{where}: a program needs the title that it is run by"
        (self.folder / block.title).write_text(block.text, encoding="utf-8")
        run = re.compile(rf"^\$ .*\b{re.escape(block.title)}\b", re.MULTILINE)
        assert run.search(self.page.read_text(encoding="utf-8")), f"{where}: the page never runs it"

    def _rust(self, block: Block, where: str) -> None:
        included = [
            (ROOT / "crates" / crate / "src" / path).resolve()
            for crate in ("wdt-proto", "wdt-sandbox")
            for path in re.findall(
                r'doc = include_str!\("([^"]+)"\)',
                (ROOT / "crates" / crate / "src" / "lib.rs").read_text(encoding="utf-8"),
            )
        ]
        examples = (ROOT / "examples" / "rust").rglob("*.rs")
        assert self.page in included or any(
            path.read_text(encoding="utf-8") == block.text for path in examples
        ), f"{where}: neither a doc test nor a file of examples/rust"

    def _json(self, block: Block, _where: str) -> None:
        json.loads(block.text)

    def _toml(self, block: Block, _where: str) -> None:
        tomli.loads(block.text)

    def _ini(self, block: Block, _where: str) -> None:
        configparser.ConfigParser(comment_prefixes=(";", "#")).read_string(f"[all]\n{block.text}")

    def _text(self, _block: Block, _where: str) -> None:
        pass


def match(promised: str, printed: str, where: str) -> None:
    """Assert that the output is what the page says, with its ellipses."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + r"[ ]*\n"
        for line in promised.rstrip("\n").split("\n")
    )
    text = re.sub(r"[ ]+$", "", printed, flags=re.MULTILINE).strip("\n") + "\n"
    assert re.fullmatch(pattern, text), f"{where}\n--- promised\n{promised}--- printed\n{printed}"
