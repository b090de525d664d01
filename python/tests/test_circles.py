"""No two modules of the package import each other; tools/check_circles.py looks at the crates."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import wdt_proto
from conftest import ROOT

PACKAGE = Path(wdt_proto.__file__).parent
CRATE = ROOT / "crates" / "wdt-python" / "src"

Graph = dict[str, set[str]]


class Imports(ast.NodeVisitor):
    """What a module imports of the package when it runs, in its functions too."""

    def __init__(self, modules: set[str]) -> None:
        self.modules = modules
        self.found: set[str] = set()

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) != "TYPE_CHECKING":
            self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.level:
            names = [node.module] if node.module else [alias.name for alias in node.names]
            self.found.update(name for name in names if name in self.modules)

    def visit_Constant(self, node: ast.Constant) -> None:
        # `_lazy` takes "_client:Client".
        home = str(node.value).partition(":")
        if home[1] and home[0] in self.modules:
            self.found.add(home[0])


def python_modules() -> Graph:
    modules = {path.stem for path in PACKAGE.glob("*.py")} | {"_native"}
    graph: Graph = {}
    for path in PACKAGE.glob("*.py"):
        imports = Imports(modules)
        imports.visit(ast.parse(path.read_text(encoding="utf-8")))
        graph[path.stem] = imports.found
    rust = "".join(path.read_text(encoding="utf-8") for path in CRATE.glob("*.rs"))
    graph["_native"] = set(re.findall(r'"wdt_proto\.(\w+)"\s*\.', rust))
    return graph


def circles(graph: Graph) -> list[str]:
    """Give the modules that reach themselves."""
    found = []
    for start in graph:
        reached: set[str] = set()
        todo = list(graph[start])
        while todo:
            module = todo.pop()
            if module not in reached:
                reached.add(module)
                todo += graph.get(module, ())
        if start in reached:
            found.append(start)
    return found


def test_the_package_has_no_circle() -> None:
    graph = python_modules()
    assert {"_errors", "_models"} <= graph["_native"]
    assert "_client" in graph["__init__"]
    assert circles(graph) == []


def test_a_circle_would_be_found() -> None:
    assert circles({"a": {"b"}, "b": {"a"}, "c": {"a"}}) == ["a", "b"]
