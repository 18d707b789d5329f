"""Migrations: how a workspace's files get from one schema to the next. `workspace.toml` says at which they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.model.errors import Problem

KEY = "schema"
_FIRST = 1
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Migration:
    """One step up. `act` gets the text of `workspace.toml` and of every settings and manifest file, by path.

    `summary` tells a person what it does.
    """

    summary: str
    act: Callable[[Texts], Texts]


# The first leads from schema 1 to 2, and so on. Nothing about the files has changed yet.
MIGRATIONS: tuple[Migration, ...] = ()


def current_schema() -> int:
    return _FIRST + len(MIGRATIONS)


def migrations_from(schema: int) -> tuple[Migration, ...]:
    """Those that are left for files of this schema, in order."""
    return MIGRATIONS[schema - _FIRST :]


def stated_schema(values: Mapping[str, object]) -> int:
    """What `workspace.toml` says, 1 where it says nothing. Raises `ValueError` for what is no schema."""
    stated = values.get(KEY, _FIRST)
    if not isinstance(stated, int) or isinstance(stated, bool) or stated < _FIRST:
        raise ValueError(stated)
    return stated


def schema_problem(values: Mapping[str, object], file: str, line: int = 0, column: int = 0) -> Problem | None:
    """Why these files can't be worked with as they are; None where they can."""
    current = current_schema()
    try:
        stated = stated_schema(values)
    except ValueError:
        return Problem("It takes a whole number, 1 or more.", "Take the line away.", file, line, column, KEY)
    if stated > current:
        message = f"It was made by a newer Groundplan: it is of schema {stated}, this one reads up to {current}."
        return Problem(message, "Upgrade Groundplan.", file, line, column, KEY)
    if stated < current:
        message = f"It is of schema {stated}, and this Groundplan works with {current}."
        hint = "Plan the migration: `groundplan workspaces migrate`, or plan_workspace with op migrate."
        return Problem(message, hint, file, line, column, KEY)
    return None
