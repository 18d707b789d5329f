"""Check: what is wrong with a configuration that somebody sent, all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.model.errors import ManifestInvalid, Problem
from engine.model.setting import SettingsCheck
from engine.model.unknown import is_mapping
from engine.notation.problems import Problems
from engine.notation.reader import check_values
from engine.settings.merge import leaves
from engine.settings.resolve import Resolved
from engine.settings.schema import kind_of, may_say

Resolve = Callable[[Mapping[str, Any]], Resolved]
_OF_THE_FILE = ("name",)  # what a workspace.toml says beside settings


def check_given(given: Mapping[str, Any], resolve: Resolve) -> SettingsCheck:
    problems = unfit_values(given)
    tables = as_tables({key: value for key, value in given.items() if key not in _OF_THE_FILE})
    if not problems:
        try:
            resolve(tables)
        except ManifestInvalid as invalid:
            problems = invalid.problems
    closed = [".".join(path) for path, _ in leaves(tables) if kind_of(path) is not None and not may_say(path)]
    return SettingsCheck(problems=tuple(problems), home_only=tuple(closed))


def unfit_values(given: Mapping[str, Any]) -> list[Problem]:
    """Of values that no configuration may hold: too long, too deep, unprintable."""
    problems = Problems()

    def report(path: tuple[Any, ...], message: str, hint: str) -> None:
        problems.add(Problem(message, hint, address=".".join(map(str, path))))

    check_values(dict(given), report)
    return problems.found


def as_tables(given: Mapping[str, Any]) -> dict[str, Any]:
    """Keys with dots, as `worker.lease_seconds`, are tables in tables. What can't be put there stays as it is."""
    tables: dict[str, Any] = {}
    for key, value in given.items():
        *outer, last = key.split(".")
        below = tables
        for each in outer:
            inner = below.setdefault(each, {})
            if not is_mapping(inner):
                below, last = tables, key
                break
            below = inner
        known = below.get(last)
        below[last] = {**known, **value} if is_mapping(known) and is_mapping(value) else value
    return tables
