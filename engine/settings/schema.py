"""The schema of all settings: what there is, what it means, and who may say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from engine.settings.home import HomeSettings
from engine.settings.merge import Keys
from engine.settings.workspace import WorkspaceSettings


class Settings(HomeSettings, WorkspaceSettings):
    """Every setting, typed. What code needs of them it asks of this."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class SettingKind:
    """One setting, or a table whose keys are the user's own. `default` is None where there is none.

    `since` is the version that had it first.
    """

    path: Keys
    description: str
    type: str
    default: Any
    rules: str
    unit: str
    by_workspace: bool
    since: str = ""

    @property
    def key(self) -> str:
        return ".".join(self.path)


@cache
def kinds() -> Mapping[Keys, SettingKind]:
    """By path, in the order of the models."""
    return {kind.path: kind for kind in _kinds(Settings, ())}


def kind_of(path: Keys) -> SettingKind | None:
    """That of a setting, or of the user's table that it stands in."""
    known = kinds()
    return next((known[path[:end]] for end in range(len(path), 0, -1) if path[:end] in known), None)


def may_say(path: Keys) -> bool:
    """Whether a workspace may state it."""
    return bool(path) and path[0] in WorkspaceSettings.model_fields


def _kinds(model: type[BaseModel], above: Keys) -> Iterator[SettingKind]:
    schema = model.model_json_schema(by_alias=False)
    properties: dict[str, Any] = schema.get("properties", {})
    for name, field in model.model_fields.items():
        path = (*above, name)
        nested = _model(field)
        if nested is not None:
            yield from _kinds(nested, path)
        else:
            yield SettingKind(
                path, field.description or "", _type(properties[name], schema.get("$defs", {})), _default(field),
                _rules(properties[name]), _unit(name), path[0] in WorkspaceSettings.model_fields,
                properties[name].get("x-since", ""),
            )  # fmt: skip


def _model(field: FieldInfo) -> type[BaseModel] | None:
    annotation: Any = field.annotation
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, type) and issubclass(each, BaseModel):
            return each
    return None


def _default(field: FieldInfo) -> Any:
    default: Any = field.get_default(call_default_factory=True)
    return None if default is PydanticUndefined else default


_TYPES = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "true or false",
    "object": "table",
}


def _type(schema: Mapping[str, Any], defined: Mapping[str, Any]) -> str:
    schema = defined[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'], defined).removeprefix('one of ')}"
    return _TYPES.get(str(schema.get("type", "")), "value")


_LIMITS = {
    "minimum": "at least", "maximum": "at most", "exclusiveMinimum": "more than", "exclusiveMaximum": "less than",
}  # fmt: skip
_LENGTHS = {"minLength": "at least", "maxLength": "at most"}


def _rules(schema: Mapping[str, Any]) -> str:
    told = [f"{words} {schema[name]:,}" for name, words in _LIMITS.items() if name in schema]
    told += [f"{words} {_characters(schema[name])}" for name, words in _LENGTHS.items() if name in schema]
    return ", ".join(filter(None, [schema.get("x-form"), *told]))


def _characters(count: int) -> str:
    return f"{count:,} character{'' if count == 1 else 's'}"


def _unit(name: str) -> str:
    return next((unit for unit in ("seconds", "minutes") if name.endswith(f"_{unit}")), "")
