"""Write, or check, what is compiled into each crate that is shipped: a CycloneDX SBOM beside it.

Of the crates that Cargo links into the binary on the platforms that we release for, and of them
alone: no build scripts, procedural macros, tests, or features that are off. Neither time nor path
is in it, so that the same Cargo.lock gives the same bytes.

usage: sbom.py [--check]
"""

from __future__ import annotations

import json
import sys
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from crates import ROOT, cargo, shipped

# The platforms of .github/workflows/release.yml.
TARGETS = (
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
)
FILE = "sbom.cdx.json"


def tree(crate: str, edges: str) -> list[tuple[int, str, str, str]]:
    """List depth, name, version and licence of what the crate is linked from, in Cargo's order."""
    targets = [part for target in TARGETS for part in ("--target", target)]
    form = ["--no-dedupe", "--prefix", "depth", "--format", " {p} | {l}"]
    lines = cargo("tree", "--locked", "-p", crate, "-e", edges, *targets, *form)
    found = []
    for line in filter(None, lines.splitlines()):
        package, _, licence = line.partition(" | ")
        depth, name, version = package.split()[:3]
        found.append((int(depth), name, version.removeprefix("v"), licence))
    return found


def reference(name: str, version: str) -> str:
    """Give the package URL."""
    return f"pkg:cargo/{name}@{version}"


def bom(crate: str) -> dict[str, Any]:
    """Give the SBOM of one crate."""
    components: dict[str, dict[str, Any]] = {}
    needs: dict[str, set[str]] = {}
    above: list[str] = []
    for depth, name, version, licence in tree(crate, "normal,no-proc-macro"):
        url = reference(name, version)
        # "MIT/Apache-2.0" is how old manifests write a choice.
        components[url] = {
            "type": "library",
            "bom-ref": url,
            "name": name,
            "version": version,
            "licenses": [{"expression": licence.replace("/", " OR ")}],
            "purl": url,
        }
        needs.setdefault(url, set())
        del above[depth:]
        if above:
            needs[above[-1]].add(url)
        above.append(url)
    root = above[0]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": components.pop(root)},
        "components": [components[url] for url in sorted(components)],
        "dependencies": [{"ref": url, "dependsOn": sorted(needs[url])} for url in sorted(needs)],
    }


def main() -> int:
    """Write the files, or say which are old."""
    check = sys.argv[1:] == ["--check"]
    for crate in shipped():
        text = json.dumps(bom(crate), indent=2, ensure_ascii=False) + "\n"
        problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
        if problem is not None:
            sys.exit(f"{crate}: the SBOM is no CycloneDX: {problem}")
        path = ROOT / "crates" / crate / FILE
        if not check:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            sys.exit(f"{path.relative_to(ROOT)} is not of this Cargo.lock: run make licences")
        count = text.count('"purl"') - 1
        print(f"{path.relative_to(ROOT)}: {count} crates are linked into {crate}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
