"""Schemas as short as they can be: a model pays for every word of them."""

from __future__ import annotations

from typing import Any, cast

_REFERENCE = "#/$defs/"
# `description` of an output field is for people who read the code; of an input it tells the model what to send.
_NEEDLESS = frozenset({"title", "$defs"})
# The server holds to them when a call comes in; a model that writes ordinary arguments never meets them.
_LIMITS = frozenset({"maxLength", "maxItems", "maxProperties"})


def lean_input(schema: dict[str, Any], *, limits: bool = False) -> dict[str, Any]:
    """Titles gone, references filled in, `null` as a way to leave an optional argument out not mentioned.

    `limits` keeps what no argument may be longer than, for people who look it up.
    """
    needless = _NEEDLESS if limits else _NEEDLESS | _LIMITS
    return {**_lean(schema, schema.get("$defs", {}), needless), "additionalProperties": False}


def lean_output(schema: dict[str, Any]) -> dict[str, Any]:
    """As an input's, without descriptions and defaults: a field that is None is not sent, so it is never null."""
    return _lean(schema, schema.get("$defs", {}), _NEEDLESS | {"description", "default", "format"})


def shallow(schema: dict[str, Any]) -> dict[str, Any]:
    """The fields alone, without what is inside them: for an answer that another tool's schema describes whole."""
    fields = {name: _closed_up(each) for name, each in schema.get("properties", {}).items()}
    return {**schema, "properties": fields}


def _closed_up(field: dict[str, Any]) -> dict[str, Any]:
    if "properties" in field:
        return {"type": "object"}
    return {**field, "items": _closed_up(field["items"])} if "items" in field else field


def _lean(node: Any, shared: dict[str, Any], needless: frozenset[str]) -> Any:
    if isinstance(node, list):
        return [_lean(each, shared, needless) for each in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    table = _filled_in(_without_null(cast("dict[str, Any]", node)), shared)
    lean: dict[str, Any] = {}
    for key, value in table.items():
        if key == "properties":
            lean[key] = {name: _lean(each, shared, needless) for name, each in value.items()}
        elif key not in needless and not (key == "additionalProperties" and value is True):
            lean[key] = _lean(value, shared, needless)
    return lean


def _filled_in(node: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    reference = node.get("$ref")
    if reference is None:
        return node
    beside = {key: value for key, value in node.items() if key != "$ref"}
    return {**shared[reference.removeprefix(_REFERENCE)], **beside}


def _without_null(node: dict[str, Any]) -> dict[str, Any]:
    choices = [each for each in node.get("anyOf", []) if each != {"type": "null"}]
    if len(choices) != 1:
        return node
    beside = {key: value for key, value in node.items() if key != "anyOf" and not (key == "default" and value is None)}
    return {**choices[0], **beside}
