"""The properties of a resource type as table rows: type, whether it must be there, and what a change of it does."""

from __future__ import annotations

from typing import Any

from engine.model.resource_type import Property, ResourceType
from reference.page import code, sentence, table
from reference.shape import Row, default_of, rows
from server.tools.schema import lean_input

HEAD = ("Property", "Type", "Needed", "Rules", "Meaning")


def schema_of(kind: ResourceType) -> dict[str, Any]:
    """With references filled in, computed properties among them."""
    return lean_input(kind.model.model_json_schema())


def input_table(kind: ResourceType) -> str:
    """What a manifest may write, nested keys below their property."""
    return table(HEAD, [_line(kind, row) for row in rows(schema_of(kind)) if _top(row.name) in kind.inputs])


def computed_table(kind: ResourceType) -> str:
    found = {row.name: row for row in rows(schema_of(kind))}
    computed = [each for each in kind.properties.values() if each.computed]
    return table(
        ("Property", "Type", "Meaning"),
        [(code(each.name), found[each.name].type, sentence(each.description)) for each in computed],
    )


def differing(kind: ResourceType, unified: ResourceType) -> list[Property]:
    """The properties that this provider adds, or has with other facts than the unified type."""
    common = unified.properties
    return [
        each for name, each in kind.properties.items() if name not in common or _facts(each) != _facts(common[name])
    ]


def differing_table(kind: ResourceType, unified: ResourceType) -> str:
    found = {row.name: row for row in rows(schema_of(kind))}
    lines = [
        (
            code(each.name),
            found[each.name].type,
            "set by the provider" if each.computed else _need(kind, found[each.name]),
            found[each.name].rules,
            _meaning(each, found[each.name]),
        )
        for each in differing(kind, unified)
    ]
    return table(HEAD, lines)


def replacing(kind: ResourceType) -> list[str]:
    return [name for name, each in kind.inputs.items() if each.immutable]


def in_place(kind: ResourceType) -> list[str]:
    return [name for name, each in kind.inputs.items() if not each.immutable]


def _line(kind: ResourceType, row: Row) -> tuple[str, ...]:
    known = kind.inputs.get(row.name)
    return (
        code(row.name),
        row.type,
        _need(kind, row),
        row.rules,
        _meaning(known, row) if known else sentence(row.meaning),
    )


def _need(kind: ResourceType, row: Row) -> str:
    known = kind.properties.get(row.name)
    if known is None or row.required:
        return row.need
    default = default_of({"default": known.default})
    return f"default {default}" if default else "optional"


def _meaning(known: Property, row: Row) -> str:
    told = [sentence(known.description or row.meaning)]
    told += (
        [f"Refers to a [{known.refers}]({known.refers.replace('_', '-')}.md): `${{{known.refers}.NAME.id}}`."]
        if known.refers
        else []
    )
    told += ["A reference such as `secret://NAME`, never the value."] if known.secret else []
    told += ["Code that a machine will run: plans show it whole."] if known.code else []
    told += ["**A change replaces the object.**"] if known.immutable else []
    return " ".join(told)


def _facts(each: Property) -> tuple[Any, ...]:
    return each.required, each.default, each.immutable, each.computed, each.secret, each.description


def _top(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]
