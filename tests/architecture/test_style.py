"""Our own hand, as far as a program can judge it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.rooms import EVERYTHING, ROOMS, python_files, shown, tree

LONGEST_FILE = 350
LONGEST_FUNCTION = 50
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc", "types"}


def test_no_file_is_longer_than_a_person_reads_at_once() -> None:
    lengths = {shown(path): len(path.read_text("utf-8").splitlines()) for path in python_files(*EVERYTHING)}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{shown(path)}:{node.name}": length
        for path in python_files(*ROOMS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_every_file_and_folder_is_named_after_a_noun_or_a_verb_of_ours() -> None:
    parts = {part for path in python_files(*EVERYTHING) for part in Path(shown(path)).with_suffix("").parts}
    assert parts & BANNED_NAMES == set()


def test_an_import_inside_a_function_says_why() -> None:
    silent = [
        f"{shown(path)}:{line}"
        for path in python_files(*ROOMS)
        for line in _inner_imports(path)
        if not _explained(path, line)
    ]
    assert silent == []


def test_every_module_says_what_it_is() -> None:
    assert [shown(path) for path in python_files(*ROOMS) if not _says_what_it_is(tree(path))] == []


def _says_what_it_is(module: ast.Module) -> bool:
    """By its docstring, or by that of the class the file is named for."""
    described = [node for node in module.body if isinstance(node, ast.ClassDef) and ast.get_docstring(node)]
    return not module.body or bool(described) or ast.get_docstring(module) is not None


def _inner_imports(path: Path) -> Iterator[int]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (each.lineno for each in ast.walk(node) if isinstance(each, ast.Import | ast.ImportFrom))


def _explained(path: Path, line: int) -> bool:
    """A comment on the line itself or in the lines right above, where other imports may stand between."""
    lines = path.read_text("utf-8").splitlines()
    _, _, comment = lines[line - 1].partition("#")
    if re.sub(r"noqa(: [A-Z0-9, ]+)?|pyright: ignore\S*|[#\s-]", "", comment):
        return True
    above = line - 2
    while lines[above].strip().startswith(("import ", "from ")):
        above -= 1
    return lines[above].strip().startswith("#")
