"""What each resource type takes in a manifest, as a plain JSON schema: by provider, and for all providers together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from engine.manifest.facts import MOST_INSTANCES
from engine.model.resource_type import ResourceType
from engine.model.unified import UNIFIED
from engine.registry.providers import offers, provider_names

Schema = dict[str, Any]
_KEPT = (
    "type", "enum", "const", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
    "additionalProperties", "required", "description", "examples", "default",
)  # fmt: skip
# What every resource takes beside its properties.
FACTS: Mapping[str, Schema] = {
    "provider": {"type": "string", "enum": list(provider_names()), "description": "The provider, if not the file's."},
    "count": {
        "type": "integer", "minimum": 0, "maximum": MOST_INSTANCES,
        "description": "Make this many, as NAME[0], NAME[1], …; not together with names.",
    },
    "names": {
        "type": "array", "items": {"type": "string"},
        "description": 'Make one for each of these, as NAME["a"], …; not together with count.',
    },
    "depends_on": {
        "type": "array", "items": {"type": "string"},
        "description": "Addresses that must be there first, beside those that are referred to.",
    },
    "labels": {
        "type": "object", "additionalProperties": {"type": "string"}, "description": "Labels of the object.",
    },
    "lifecycle": {
        "type": "object", "additionalProperties": False, "description": "How it may be taken away.",
        "properties": {
            "prevent_destroy": {"type": "boolean", "description": "Refuse any plan that deletes or replaces it."},
            "replace": {
                "type": "string", "enum": ["delete_first", "create_first"],
                "description": "Which object goes first when it is replaced.",
            },
        },
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ManifestType:
    """`class_name` is what contracts call it; `properties` are without null and without references."""

    name: str
    class_name: str
    summary: str
    properties: Mapping[str, Schema]
    required: Sequence[str]


def types_of(provider: str) -> list[ManifestType]:
    return [_type([kind]) for kind in offers()[provider].values()]


def types_of_all() -> list[ManifestType]:
    """Each type with the properties that any provider gives it; required is what all of them require."""
    covered = offers()
    return [_type([kinds[name] for kinds in covered.values() if name in kinds]) for name in UNIFIED]


def _type(kinds: Sequence[ResourceType]) -> ManifestType:
    first = kinds[0]
    properties: dict[str, Schema] = {}
    for kind in kinds:
        for name, field in _properties(kind).items():
            known = properties.setdefault(name, field)
            if {**known, "description": ""} != {**field, "description": ""}:
                raise ValueError(f"{kind.name}.{name} differs between providers; say here how the two are one")
    required = [
        name for name in properties if all(name in kind.inputs and kind.inputs[name].required for kind in kinds)
    ]
    model = UNIFIED[first.name]
    summary = first.summary if len(kinds) == 1 else ResourceType(first.name, model).summary
    return ManifestType(first.name, model.__name__, summary, properties, required)


def _properties(kind: ResourceType) -> dict[str, Schema]:
    schema = kind.schema()
    defined = cast(Mapping[str, Schema], schema.get("$defs", {}))
    return {name: plain(field, defined) for name, field in schema["properties"].items()}


def plain(field: Schema, defined: Mapping[str, Schema]) -> Schema:
    """The schema with what it refers to filled in, without titles and facts, and without null."""
    if "$ref" in field:
        return plain({**defined[field["$ref"].rpartition("/")[2]], **_without(field, "$ref")}, defined)
    choices = [each for each in field.get("anyOf", ()) if each.get("type") != "null"]
    if len(choices) > 1:
        raise ValueError(f"several kinds of value: {choices}; say here what contracts make of them")
    if choices:
        return plain({**choices[0], **_without(field, "anyOf")}, defined)
    found = {key: field[key] for key in _KEPT if field.get(key) is not None}
    if "items" in field:
        found["items"] = plain(field["items"], defined)
    if isinstance(found.get("additionalProperties"), dict):
        found["additionalProperties"] = plain(found["additionalProperties"], defined)
    if "properties" in field:
        found["properties"] = {name: plain(each, defined) for name, each in field["properties"].items()}
    return found


def _without(field: Schema, key: str) -> Schema:
    return {name: value for name, value in field.items() if name != key}
