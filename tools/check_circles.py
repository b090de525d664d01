"""No two files import each other, nor in a ring: `make lint` looks at all crates.

Rust's parent and child may: a module declares its children, and they use it. Names are followed
through re-exports (`pub use`), so that a ring does not hide behind a mod.rs.
"""

from __future__ import annotations

import re
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
Graph = dict[str, set[str]]
USE = re.compile(r"^\s*(pub(?:\([^)]*\))? )?use ([^;]+);", re.MULTILINE)
INLINE = re.compile(r"(?<![\w:])(crate(?:::\w+)+)")
COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
TESTS = re.compile(r"^#\[cfg\(test\)\]\nmod \w+ \{.*?^\}", re.MULTILINE | re.DOTALL)


def leaves(tree: str) -> list[str]:
    """Give the paths of a use tree: `a::{b, c::d as e}` is `a::b` and `a::c::d`."""
    tree = " ".join(tree.split())
    opening = tree.find("{")
    if opening < 0:
        return [tree.split(" as ")[0].strip()]
    head, depth, part, found = tree[:opening], 0, "", []
    for character in tree[opening + 1 : tree.rindex("}")] + ",":
        if character == "," and depth == 0:
            found += [head + leaf for leaf in leaves(part) if part.strip()]
            part = ""
            continue
        depth += (character == "{") - (character == "}")
        part += character
    return [path.removesuffix("::self").replace(" ", "") for path in found]


class Crate:
    """The modules of a crate, and what each imports."""

    def __init__(self, source: Path) -> None:
        """Read all files below `source`."""
        self.files: dict[tuple[str, ...], str] = {}
        for file in sorted(source.rglob("*.rs")):
            parts = file.relative_to(source).with_suffix("").parts
            module = parts[:-1] if parts[-1] in {"mod", "lib", "main"} else parts
            text = TESTS.sub("", COMMENT.sub("", file.read_text(encoding="utf-8")))
            self.files[module] = self.files.get(module, "") + text
        self.uses = {module: list(self.read(module)) for module in self.files}
        self.exports = {
            module: {path[-1]: path for public, path in uses if public and path}
            for module, uses in self.uses.items()
        }

    def read(self, module: tuple[str, ...]) -> Iterator[tuple[bool, tuple[str, ...]]]:
        """Give each import as whether it is public, and its path from the crate's root."""
        text = self.files[module]
        for public, tree in USE.findall(text):
            for leaf in leaves(tree):
                yield bool(public), self.absolute(module, leaf.split("::"))
        for path in INLINE.findall(USE.sub("", text)):
            yield False, tuple(path.split("::")[1:])

    def absolute(self, module: tuple[str, ...], path: list[str]) -> tuple[str, ...]:
        """Give a path as it is from the root; empty for another crate's."""
        if path[0] == "crate":
            return tuple(path[1:])
        if path[0] in {"super", "self"}:
            here = module
            while path and path[0] in {"super", "self"}:
                here = here[:-1] if path.pop(0) == "super" else here
            return here + tuple(path)
        return module + tuple(path) if (*module, path[0]) in self.files else ()

    def home(self, path: tuple[str, ...], steps: int = 8) -> tuple[str, ...] | None:
        """Give the module in which the name at the end of a path is declared."""
        if not path:
            return None
        module = path
        while module not in self.files:
            module = module[:-1]
        rest = path[len(module) :]
        if rest and steps and rest[0] in self.exports[module]:
            through = self.exports[module][rest[0]]
            if through[:-1] != module:
                return self.home(through + rest[1:], steps - 1)
        return module

    def graph(self) -> Graph:
        """Give which file imports which, parents and children left out."""
        edges: Graph = {}
        for module, uses in self.uses.items():
            homes = {self.home(path) for _, path in uses} - {None, module}
            related = {
                home
                for home in homes
                if home is not None
                and (home == module[: len(home)] or module == home[: len(module)])
            }
            edges["::".join(module) or "the root"] = {
                "::".join(home or ()) or "the root" for home in homes - related
            }
        return edges


def ring(graph: Graph) -> list[str]:
    """Give the files of a ring, if there is one."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def main() -> int:
    """Look for rings."""
    graphs = {f"crates/{c.parent.name}": Crate(c).graph() for c in ROOT.glob("crates/*/src")}
    rings = {name: ring(graph) for name, graph in sorted(graphs.items())}
    for name, files in rings.items():
        if files:
            print(f"{name}: {' imports '.join(files)}", file=sys.stderr)
    if any(rings.values()):
        return 1
    count = sum(map(len, graphs.values()))
    print(f"{count} files in {len(graphs)} crates, no ring of imports")
    return 0


if __name__ == "__main__":
    sys.exit(main())
