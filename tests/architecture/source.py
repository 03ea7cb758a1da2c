"""The source of the platform as the house rules see it: files, imports, functions."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("kernel", "contracts", "services", "gateway", "cli", "deploy", "bench", "tests")


@cache
def files() -> tuple[Path, ...]:
    """Return every Python file of ours, relative to the root."""
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return tuple(sorted(path.relative_to(ROOT) for path in found))


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse((ROOT / path).read_text())


def imports(path: Path) -> set[str]:
    """Return the full names of the modules a file imports."""
    nodes = list(ast.walk(tree(path)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}


def importers(library: str) -> set[str]:
    """Return the files that import a library."""
    return {
        str(path)
        for path in files()
        if any(name.split(".")[0] == library for name in imports(path))
    }


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give every function of a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function below its signature and docstring."""
    documented = ast.get_docstring(function) is not None
    begin = function.body[0].end_lineno if documented else function.body[0].lineno - 1
    return (function.end_lineno or 0) - (begin or 0)


def services() -> list[Path]:
    """Return the folders of the services."""
    return sorted(path.parent for path in (ROOT / "services").glob("*/app.py"))


def slices() -> list[Path]:
    """Return the folders of all slices, relative to the root."""
    inits = (path for service in services() for path in service.glob("*/__init__.py"))
    return sorted(
        path.parent.relative_to(ROOT) for path in inits if path.parent.name != "migrations"
    )
