"""The rooms of the repository and the Python files in them, for the checks in this folder."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("groundplan", "server", "engine", "rag")
EVERYTHING = (*ROOMS, "tests", "benchmarks", "demo", "models", "reference")


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported_names(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Every module imported below the node, as written, with its line."""
    for each in ast.walk(node):
        if isinstance(each, ast.Import):
            yield from ((name.name, each.lineno) for name in each.names)
        elif isinstance(each, ast.ImportFrom) and each.module and not each.level:
            yield each.module, each.lineno
