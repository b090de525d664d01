"""Check a wheel as its users meet it: tags, content, symbols, then installed and used elsewhere.

usage: check_wheel.py WHEEL [--tags-only]
--tags-only is for a wheel of another platform, which cannot be installed here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = "Scripts" if sys.platform == "win32" else "bin"
NATIVE = re.compile(
    r"wdt_proto/_native(\.abi3|\.(cpython-|cp)\d+t?-[\w-]+)?\.(so|pyd)"
    r"|wdt_sandbox-[\d.]+\.data/scripts/wdt-sandbox(\.exe)?"
)
# Where the README's first example shows the address to send to.
ADDRESS = "https://erp.example/openapi?sid=wdtapi3&key=appkey&salt=testsalt"
OTHERS = [f"python3.{minor}" for minor in range(10, 16) if minor != sys.version_info.minor]


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Run a command and give what it printed; its failure is ours."""
    done = subprocess.run(  # noqa: S603
        command, cwd=cwd, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}")
    return done.stdout


def expect(what: str, found: object, wanted: object) -> None:
    """Fail unless what was found is what is wanted."""
    if found != wanted:
        sys.exit(f"{what}:\n  found  {found}\n  wanted {wanted}")


def wanted_tags(wheel: Path) -> tuple[str, str]:
    """Give the python and abi tags that a wheel of this name must have."""
    _, _, python, abi, _ = wheel.stem.split("-")
    if wheel.name.startswith("wdt_sandbox-"):
        return "py3", "none"
    if abi == "abi3":
        return "cp310", "abi3"
    # For one version alone, with a GIL or without.
    return python, f"{python}t" if abi.endswith("t") else python


def check_tags(wheel: Path) -> None:
    """For the CPython that the name says, and for old distributions."""
    _, _, python, abi, platform = wheel.stem.split("-")
    expect("python and abi tags", (python, abi), wanted_tags(wheel))
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"{info_folder(archive)}/WHEEL").decode()
    tags = sorted(re.findall(r"^Tag: (.*)$", text, re.MULTILINE))
    expect("the tags inside", tags, sorted(f"{python}-{abi}-{one}" for one in platform.split(".")))
    if "linux" in platform:
        policy = r"(manylinux_2_17|musllinux_1_2)_(x86_64|aarch64)"
        expect(f"{platform} is portable", bool(re.search(policy, platform)), wanted=True)
        # auditwheel's own judgement of the symbols: the tag's system, or an older one.
        printed = " ".join(run("auditwheel", "show", wheel).split())
        judged = re.search(r'platform tag: "(\w+?)_(\d+)_(\d+)_\w+"', printed)
        stated = re.search(r"(manylinux|musllinux)_(\d+)_(\d+)_", platform)
        if judged is None or stated is None:
            sys.exit(f"auditwheel says nothing that is known here: {printed}")
        fits = judged[1] == stated[1] and (int(judged[2]), int(judged[3])) <= (
            int(stated[2]),
            int(stated[3]),
        )
        expect(f"{judged[0]} is {stated[0]} or older", fits, wanted=True)
    if abi == "abi3":
        run("abi3audit", "--strict", wheel)
    print(f"{wheel.name}: tags and symbols are right")


def info_folder(archive: zipfile.ZipFile) -> str:
    """Give the name of the metadata's folder."""
    return next(name for name in archive.namelist() if ".dist-info/" in name).split("/")[0]


def check_content(wheel: Path) -> None:
    """Nothing is missing, nothing is too much, and no path of this machine is inside."""
    if wheel.name.startswith("wdt_proto-"):
        name, folder, notices = "wdt-proto", ROOT, "crates/wdt-python/THIRD-PARTY.txt"
        package = ROOT / "python" / "wdt_proto"
        paths = [path for path in package.rglob("*") if path.suffix in {".py", ".pyi", ".typed"}]
        sources = [path.relative_to(ROOT).as_posix() for path in paths]
    else:
        name, folder, notices = "wdt-sandbox", ROOT / "crates" / "wdt-sandbox", "THIRD-PARTY.txt"
        sources = []
    with zipfile.ZipFile(wheel) as archive:
        info = info_folder(archive)
        wanted = {source.removeprefix("python/") for source in sources}
        licences = ("LICENSE-MIT", "LICENSE-APACHE", notices)
        wanted |= {f"{info}/licenses/{licence}" for licence in licences}
        wanted |= {f"{info}/{file}" for file in ("METADATA", "WHEEL", "RECORD")}
        wanted.add(f"{info}/sboms/sbom.cdx.json")
        if (folder / "pyproject.toml").read_text(encoding="utf-8").count("[project.entry-points"):
            wanted.add(f"{info}/entry_points.txt")
        natives = set(filter(NATIVE.fullmatch, archive.namelist()))
        expect("native files", len(natives), 1)
        expect("content", sorted(archive.namelist()), sorted(wanted | natives))
        for licence in licences:
            same = archive.read(f"{info}/licenses/{licence}") == (folder / licence).read_bytes()
            expect(f"{licence} is the repository's", same, wanted=True)
        metadata = archive.read(f"{info}/METADATA").decode()
        for line in (f"Name: {name}", "License-Expression: MIT OR Apache-2.0"):
            expect(f"METADATA has {line!r}", line in metadata.splitlines(), wanted=True)
        native = archive.read(natives.pop())
    for path in (ROOT, Path.home()):
        # Inside a word it is none: /root, somebody's home, is also the end of other paths.
        seen = re.search(rb"(?<![\w.-])" + re.escape(str(path).encode()) + rb"/", native)
        expect(f"{path} in the native file", seen, None)
    print(f"{wheel.name}: content is right, {wheel.stat().st_size:,} bytes")


def readme_example() -> str:
    """Give the README's first Python block."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    if found is None:
        sys.exit("README.md has no Python block")
    return found[1]


def check_use(wheel: Path, python: str) -> None:
    """Install it into an empty environment, offline, and use it in another folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(python, "-m", "venv", folder / "venv")
        own = folder / "venv" / BIN
        pip = ("-m", "pip", "--disable-pip-version-check", "install", "--quiet")
        run(own / "python", *pip, "--no-index", "--no-deps", wheel)
        version = run(own / "python", "-c", "import sys; print(sys.version.split()[0])").strip()
        if wheel.name.startswith("wdt_sandbox-"):
            printed = run(own / "wdt-sandbox", "--version", cwd=folder)
            expect("the version", printed.split(), ["wdt-sandbox", wheel.stem.split("-")[1]])
            what = "the program starts"
        else:
            example = folder / "example.py"
            example.write_text(readme_example(), encoding="utf-8")
            # -I: neither this folder nor PYTHONPATH can lend what the wheel lacks.
            printed = run(own / "python", "-I", "-X", "utf8", example, cwd=folder)
            expect("the example's address", printed.split(" ")[0][: len(ADDRESS)], ADDRESS)
            what = "the README's example runs"
    print(f"{wheel.name}: installed offline, {what} on CPython {version}")


def interpreter(wheel: Path) -> str:
    """Name the interpreter to use the wheel on: this one, or the one that it is for."""
    own = f"cp{sys.version_info.major}{sys.version_info.minor}{getattr(sys, 'abiflags', '')}"
    abi = wheel.name.split("-")[3]
    if abi in {"abi3", "none", own}:
        return sys.executable
    python = f"python3.{abi.removeprefix('cp3')}"
    if not usable(python):
        sys.exit(f"{wheel.name}: built, but there is no {python} to use it on (--tags-only)")
    return python


def usable(python: str) -> bool:
    """Whether this interpreter is here and can make environments."""
    if shutil.which(python) is None:
        return False
    command = [python, "-c", "import ensurepip, venv"]
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603
    return not done.returncode


def main() -> None:
    """Check the wheel that the command line names."""
    wheel = Path(sys.argv[1]).resolve()
    # The tools lie beside the interpreter that runs this.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    check_tags(wheel)
    check_content(wheel)
    if "--tags-only" in sys.argv:
        return
    check_use(wheel, interpreter(wheel))
    if wheel.name.split("-")[3] == "abi3":
        # The stable ABI's promise, on whichever other interpreters this machine has.
        for python in filter(usable, OTHERS):
            check_use(wheel, python)


if __name__ == "__main__":
    main()
