"""Edits of TOML through its own round-trip parser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import tomlkit
from tomlkit.container import Container
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AbstractTable, Item, Table

from engine.manifest.splice import CannotEdit

_Mapping = Container | AbstractTable


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
        if value is None:
            target.pop(key, None)
        else:
            target[key] = _item(value)


def _new(kind: Any, changes: Mapping[str, Any]) -> Item:
    given = {key: value for key, value in changes.items() if value is not None}
    if not isinstance(kind, Table):
        return _item(given)
    table = tomlkit.table()
    _merge(table, given)
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
