"""Check a wheel as its users meet it: tags, content, symbols, then installed and used elsewhere.

usage: check_wheel.py WHEEL [--tags-only]
--tags-only is for a wheel of another platform, which cannot be installed here.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NATIVE = re.compile(r"wdt_proto/_native(\.abi3|\.(cpython-|cp)\d+t-[\w-]+)?\.(so|pyd)")
# Where the README's first example shows the address to send to.
ADDRESS = "https://erp.example/openapi?sid=wdtapi3&key=appkey&salt=testsalt"
INTERPRETERS = [f"python3.{minor}" for minor in range(10, 16)]


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


def check_tags(wheel: Path) -> None:
    """One wheel for every CPython from 3.10 on, and for old distributions."""
    _, _, python, abi, platform = wheel.stem.split("-")
    free_threaded = abi.endswith("t")
    # Without a GIL there is no stable ABI before 3.15: a wheel for one version alone.
    wanted_abi = (python, f"{python}t") if free_threaded else ("cp310", "abi3")
    expect("python and abi tags", (python, abi), wanted_abi)
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"{info_folder(archive)}/WHEEL").decode()
    tags = sorted(re.findall(r"^Tag: (.*)$", text, re.MULTILINE))
    expect("the tags inside", tags, sorted(f"{python}-{abi}-{one}" for one in platform.split(".")))
    if "linux" in platform:
        policy = r"(manylinux_2_17|musllinux_1_2)_(x86_64|aarch64)"
        expect(f"{platform} is portable", bool(re.search(policy, platform)), wanted=True)
        # auditwheel's own judgement of the symbols, at least as old as the tag.
        printed = " ".join(run("auditwheel", "show", wheel).split())
        judged = re.search(r'platform tag: "([^"]*)"', printed)
        expect("auditwheel's tag", judged is not None and judged[1] in platform, wanted=True)
    if not free_threaded:
        run("abi3audit", "--strict", wheel)
    print(f"{wheel.name}: tags and symbols are right")


def info_folder(archive: zipfile.ZipFile) -> str:
    """Give the name of the metadata's folder."""
    return next(name for name in archive.namelist() if ".dist-info/" in name).split("/")[0]


def check_content(wheel: Path) -> None:
    """Nothing is missing, nothing is too much, and no path of this machine is inside."""
    with zipfile.ZipFile(wheel) as archive:
        info = info_folder(archive)
        sources = run("git", "ls-files", "python/wdt_proto", cwd=ROOT).split()
        wanted = {source.removeprefix("python/") for source in sources}
        notices = "crates/wdt-python/THIRD-PARTY.txt"
        licences = ("LICENSE-MIT", "LICENSE-APACHE", notices)
        files = ("METADATA", "WHEEL", "RECORD", "sboms/sbom.cdx.json")
        wanted |= {f"{info}/{name}" for name in files}
        wanted |= {f"{info}/licenses/{name}" for name in licences}
        natives = set(filter(NATIVE.fullmatch, archive.namelist()))
        expect("native modules", len(natives), 1)
        expect("content", sorted(archive.namelist()), sorted(wanted | natives))
        for name in licences:
            same = archive.read(f"{info}/licenses/{name}") == (ROOT / name).read_bytes()
            expect(f"{name} is the repository's", same, wanted=True)
        metadata = archive.read(f"{info}/METADATA").decode()
        for line in ("Name: wdt-proto", "License-Expression: MIT OR Apache-2.0"):
            expect(f"METADATA has {line!r}", line in metadata.splitlines(), wanted=True)
        native = archive.read(natives.pop())
    for path in (ROOT, Path.home()):
        # Inside a word it is none: /root, somebody's home, is also the end of other paths.
        seen = re.search(rb"(?<![\w.-])" + re.escape(str(path).encode()) + rb"/", native)
        expect(f"{path} in the native module", seen, None)
    print(f"{wheel.name}: content is right, {wheel.stat().st_size:,} bytes")


def readme_example() -> str:
    """Give the README's first Python block."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    if found is None:
        sys.exit("README.md has no Python block")
    return found[1]


def check_use(wheel: Path, python: str) -> None:
    """Install it into an empty environment, offline, and run the README's example elsewhere."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(python, "-m", "venv", folder / "venv")
        own = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        pip = ("-m", "pip", "--disable-pip-version-check", "install", "--quiet")
        run(own, *pip, "--no-index", "--no-deps", wheel)
        example = folder / "example.py"
        example.write_text(readme_example(), encoding="utf-8")
        # -I: neither this folder nor PYTHONPATH can lend what the wheel lacks.
        printed = run(own, "-I", "-X", "utf8", example, cwd=folder)
        expect("the example's address", printed.split(" ")[0].startswith(ADDRESS), wanted=True)
        version = run(own, "-I", "-c", "import sys; print(sys.version.split()[0])").strip()
    print(f"{wheel.name}: installed offline, the README's example runs on CPython {version}")


def usable(python: str) -> bool:
    """Whether this interpreter is here and can make environments."""
    if shutil.which(python) is None:
        return False
    command = [python, "-c", "import ensurepip, venv"]
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603
    return not done.returncode


def main() -> None:
    """Check the wheel that the command line names."""
    wheel = Path(sys.argv[1])
    check_tags(wheel)
    check_content(wheel)
    if "--tags-only" not in sys.argv:
        # The one that runs this, and whichever others this machine has.
        for python in [sys.executable, *filter(usable, INTERPRETERS)]:
            check_use(wheel, python)


if __name__ == "__main__":
    main()
