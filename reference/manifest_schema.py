"""The JSON schema of a manifest, with which editors complete and check YAML, TOML and JSON."""

from __future__ import annotations

import json

from reference.manifest_types import FACTS, ManifestType, Schema, types_of_all

_REFERENCE: Schema = {"type": "string", "pattern": r"\$\{", "description": "A reference, such as ${network.NAME.id}."}
_NAME = "^[a-z][a-z0-9_-]{0,62}$"


def schema_text() -> str:
    types = types_of_all()
    schema: Schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Groundplan manifest",
        "description": "What should exist: resources by type and name.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "provider": {**FACTS["provider"], "description": "The provider of every resource that names no other."},
            "resources": {
                "type": ["object", "null"],
                "additionalProperties": False,
                "properties": {each.name: _named(each) for each in types},
            },
        },
        "definitions": {each.name: _definition(each) for each in types},
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _named(kind: ManifestType) -> Schema:
    return {
        "description": kind.summary,
        "type": ["object", "null"],
        "propertyNames": {"pattern": _NAME},
        "additionalProperties": {"$ref": f"#/definitions/{kind.name}"},
    }


def _definition(kind: ManifestType) -> Schema:
    facts = {name: _or_null(field) for name, field in FACTS.items()}
    body: Schema = {
        "description": kind.summary,
        "type": "object" if kind.required else ["object", "null"],
        "additionalProperties": False,
        "properties": {**{name: _open(field) for name, field in kind.properties.items()}, **facts},
    }
    return {**body, "required": list(kind.required)} if kind.required else body


def _open(field: Schema) -> Schema:
    """The value itself, or a reference in its place, or null, which is as good as nothing."""
    inner = {key: value for key, value in field.items() if key != "description"}
    if "items" in inner:
        inner["items"] = _open(inner["items"])
    if "properties" in inner:
        inner["properties"] = {name: _open(each) for name, each in inner["properties"].items()}
    free_text = set(inner) <= {"type", "examples", "default"} and inner.get("type") == "string"
    return _or_null(field) if free_text else _or_null({**field, **inner}, _REFERENCE)


def _or_null(field: Schema, *others: Schema) -> Schema:
    inner = {key: value for key, value in field.items() if key != "description"}
    told = {"description": field["description"]} if field.get("description") else {}
    return {**told, "anyOf": [inner, *others, {"type": "null"}]}
