"""A JSON schema as rows that a person can read: name, type, whether it must be there, rules, meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.model.unknown import is_list, is_mapping
from reference.page import code

_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "nothing",
}
_DEEPEST = 4
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """`name` is a path such as `edits[].op`; `default` is empty where there is none to speak of."""

    name: str
    type: str
    required: bool
    default: str
    rules: str
    meaning: str

    @property
    def need(self) -> str:
        return "required" if self.required else f"default {self.default}" if self.default else "optional"


def rows(schema: Schema, prefix: str = "", depth: int = 0) -> Iterator[Row]:
    """Every property, and below it those of the objects it holds. References in the schema are filled in before."""
    needed = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        path = f"{prefix}{name}"
        yield Row(
            path, type_of(field), name in needed, default_of(field), rules_of(field), field.get("description", "")
        )
        if depth < _DEEPEST:
            yield from rows(_inner(field), _path_into(path, field), depth + 1)


def type_of(field: Schema) -> str:
    """In words: `list of texts`, `one of a, b`."""
    choices = _choices(field)
    inner = field.get("additionalProperties")
    if "const" in field:
        told = code(field["const"])
    elif "enum" in field:
        told = "one of " + ", ".join(code(each) for each in field["enum"])
    elif choices:
        told = " or ".join(dict.fromkeys(type_of(each) for each in choices))
    elif field.get("type") == "array":
        told = f"list of {_several(type_of(field.get('items', {})))}"
    elif field.get("type") == "object":
        told = f"mapping to {_several(type_of(inner))}" if is_mapping(inner) and inner else "mapping"
    else:
        told = _TYPES.get(field.get("type", ""), "any value")
    return told


def default_of(field: Schema) -> str:
    value = field.get("default")
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return code(str(value).lower())
    if is_list(value):
        return code("[" + ", ".join(f'"{each}"' if isinstance(each, str) else str(each) for each in value) + "]")
    return code(f"{value:g}" if isinstance(value, float) else value)


def rules_of(field: Schema) -> str:
    """Bounds and patterns, of the field itself or of the one kind of value it may have beside null."""
    choices = _choices(field)
    each: Schema = {**(choices[0] if len(choices) == 1 else {}), **field}
    told = [_range(each.get("minimum", each.get("exclusiveMinimum")), each.get("maximum"), "exclusiveMinimum" in each)]
    told += [f"at most {each['maxLength']} characters"] if "maxLength" in each else []
    told += [f"at most {each['maxItems']} of them"] if "maxItems" in each else []
    told += ["at least one"] if each.get("minItems") == 1 else []
    told += [f"matches {code(each['pattern'])}"] if "pattern" in each else []
    return "; ".join(part for part in told if part)


def _range(least: float | None, most: float | None, above: bool) -> str:
    low = "" if least is None else f"{'above ' if above else ''}{least:g}"
    if low and most is not None:
        return f"{low} to {most:g}"
    return (low if above else f"at least {low}") if low else f"at most {most:g}" if most is not None else ""


def _inner(field: Schema) -> Schema:
    choices = [each for each in _choices(field) if "properties" in each or "items" in each]
    one = choices[0] if choices else field
    items = one.get("items") if one.get("type") == "array" else one
    return items if is_mapping(items) else {}


def _path_into(path: str, field: Schema) -> str:
    is_list = any(each.get("type") == "array" for each in (field, *_choices(field)))
    return f"{path}[]." if is_list else f"{path}."


def _choices(field: Schema) -> list[Schema]:
    """What it may be, where it may be several things; null is not counted."""
    return [each for each in (*field.get("anyOf", ()), *field.get("oneOf", ())) if each.get("type") != "null"]


def _several(kind: str) -> str:
    return {"text": "texts", "whole number": "whole numbers", "number": "numbers", "mapping": "mappings"}.get(
        kind, kind
    )
