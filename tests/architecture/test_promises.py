"""Every promise is shown by a test, and every mark names a promise."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.rooms import python_files, shown, tree
from tests.requirements import PROMISES


def test_every_promise_has_a_test_that_shows_it() -> None:
    shown_ids = {promise for _, promise in _marks()}
    assert sorted(PROMISES.keys() - shown_ids) == []


def test_no_test_shows_a_promise_that_nobody_made() -> None:
    assert sorted(f"{place}: {promise}" for place, promise in _marks() if promise not in PROMISES) == []


def _marks() -> Iterator[tuple[str, str]]:
    """The place and id of every `pytest.mark.promise("ID", …)` in the tests."""
    for path in python_files("tests"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "promise":
                yield from ((f"{shown(path)}:{node.lineno}", str(ast.literal_eval(each))) for each in node.args)
