"""Edits of TOML through its own round-trip parser."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Item, Table

from engine.manifest.splice import CannotEdit, Splice, line_end, line_start, newline, spliced
from engine.manifest.toml_reader import TomlPlaces


def merge_toml(text: str, where: tuple[str, str], changes: Mapping[str, Any]) -> str:
    """The text with the changes merged into the resource, which is made where there is none.

    Raises `CannotEdit`.
    """
    try:
        document = tomlkit.parse(text)
        target = cast(Any, document)
        for step in ("resources", where[0]):
            if step not in target:
                target[step] = tomlkit.table(is_super_table=True)
            target = target[step]
        kind, name = target, where[1]
        if name in kind:
            _merge(kind[name], changes)
        else:
            kind[name] = _new(kind, changes)
        return tomlkit.dumps(document)
    except (TOMLKitError, ValueError, TypeError) as failure:
        raise CannotEdit from failure


def drop_toml(text: str, where: tuple[str, str]) -> str:
    """The text without the resource, and without the tables that this leaves empty.

    Raises `CannotEdit`.
    """
    path = ("resources", *where)
    statements = TomlPlaces(text).statements
    gone = [each.path[:3] == path for each in statements]
    if not any(gone):
        return _drop_inline(text, where)
    for outer in (path[:2], path[:1]):
        inside = [number for number, each in enumerate(statements) if each.path[: len(outer)] == outer]
        if all(gone[number] or statements[number].path == outer for number in inside):
            gone = [is_gone or number in inside for number, is_gone in enumerate(gone)]
    marked = groupby(zip(gone, statements, strict=True), lambda pair: pair[0])
    runs = [[each for _, each in run] for is_gone, run in marked if is_gone]
    return spliced(text, [_lines_gone(text, run[0].start, run[-1].end) for run in runs])


def _lines_gone(text: str, start: int, end: int) -> Splice:
    """Whole lines, and a blank line before them."""
    start, end = line_start(text, start), line_end(text, end)
    before = line_start(text, start - 1) if start else 0
    start = start if text[before:start].strip() else before
    return Splice(start, min(end + len(newline(text)), len(text)), "")


def _drop_inline(text: str, where: tuple[str, str]) -> str:
    try:
        document = tomlkit.parse(text)
        resources = cast(Any, document)["resources"]
        del resources[where[0]][where[1]]
        if not len(resources[where[0]]):
            del resources[where[0]]
        if not len(resources):
            del cast(Any, document)["resources"]
        return tomlkit.dumps(document)
    except (TOMLKitError, ValueError, TypeError) as failure:
        raise CannotEdit from failure


def _merge(target: Any, changes: Mapping[str, Any]) -> None:
    for key, value in changes.items():
        old = target.get(key)
        if value is None:
            target.pop(key, None)
        elif isinstance(old, Table) and isinstance(value, dict):
            target[key] = _table(cast(Mapping[str, Any], value))
        else:
            if isinstance(old, Table):
                target.pop(key)
            target[key] = _item(value)


def _new(kind: Any, changes: Mapping[str, Any]) -> Item:
    given = {key: value for key, value in changes.items() if value is not None}
    if not isinstance(kind, Table):
        return _item(given)
    return _table(given)


def _table(given: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    for key, value in given.items():
        table[key] = _item(value)
    return table


def _item(value: Any) -> Item:
    """Nested mappings stand inline, so that a resource stays in one place."""
    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        for key, item in cast(Mapping[str, Any], value).items():
            inline.append(key, _item(item))
        return inline
    if isinstance(value, list):
        array = tomlkit.array()
        for item in cast(list[Any], value):
            array.append(_item(item))
        return array
    return tomlkit.item(value)
