"""The JSON schemas of settings files, with which editors complete and check them, from the models that read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.model.workspace import WORKSPACE_NAME
from engine.registry.providers import provider_kind, provider_names
from engine.settings.consent_rules import ConsentRules
from engine.settings.schema import Settings
from engine.settings.workspace import WorkspaceSettings
from reference.defaults_schema import NOT_IN_DEFAULTS
from reference.manifest_types import Schema

_TEMPLATE: Schema = {
    "type": "string", "pattern": r"\{\{", "description": "A template, such as {{ settings.values.NAME }}.",
}  # fmt: skip
_NAME: Schema = {
    "type": "string", "pattern": f"^{WORKSPACE_NAME.pattern}$",
    "description": "The name under which the workspace is registered; registering it under another is refused.",
}  # fmt: skip
_SCHEMA: Schema = {
    "type": "integer", "minimum": 1, "description": "The schema of the workspace's files; left out, 1.",
}  # fmt: skip
_TIGHTENS = "Rules of consent for this workspace; they tighten those of the home and loosen none."


def config_schema() -> str:
    properties = _properties(Settings.model_json_schema())
    kinds = {name: _open(_inlined(provider_kind(name).settings.model_json_schema())) for name in provider_names()}
    properties["providers"] = {**properties["providers"], "properties": kinds}
    return _text("config.toml", "The home's own settings.", properties)


def workspace_schema() -> str:
    consent = _inlined(ConsentRules.model_json_schema())
    for rule in consent["properties"].values():
        rule.pop("default")  # what is left out here is no opinion
    own = {"name": _NAME, "schema": _SCHEMA, **_properties(WorkspaceSettings.model_json_schema())}
    return _text(
        "workspace.toml", "What a workspace says of itself.", {**own, "consent": {**consent, "description": _TIGHTENS}}
    )


def defaults_schema() -> str:
    properties = _properties(WorkspaceSettings.model_json_schema())
    for name in NOT_IN_DEFAULTS:
        properties.pop(name)
    return _text("ENVIRONMENT-defaults", "The defaults of one environment of a workspace.", properties)


def _text(title: str, description: str, properties: Mapping[str, Schema]) -> str:
    schema: Schema = {
        "$schema": "http://json-schema.org/draft-07/schema#", "title": title, "description": description,
        "type": "object", "additionalProperties": False, "properties": dict(properties),
    }  # fmt: skip
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _properties(schema: Schema) -> dict[str, Schema]:
    plain = _inlined(schema)["properties"]
    return {name: field if name == "environment" else _open(field) for name, field in plain.items()}


def _inlined(field: Schema, outer: Mapping[str, Schema] | None = None) -> Schema:
    """Without references, titles, and what editors don't know."""
    defined: Mapping[str, Schema] = outer or field.get("$defs", {})
    if "$ref" in field:
        named = defined[field["$ref"].rpartition("/")[2]]
        return _inlined({**named, **{key: value for key, value in field.items() if key != "$ref"}}, defined)
    found = {key: value for key, value in field.items() if key not in ("title", "$defs") and not key.startswith("x-")}
    for key in ("properties", "patternProperties"):
        if key in found:
            found[key] = {name: _inlined(each, defined) for name, each in found[key].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(found.get(key), dict):
            found[key] = _inlined(found[key], defined)
    if "patternProperties" in found:
        found["additionalProperties"] = False
    return found


def _open(field: Schema) -> Schema:
    """The value itself or a template in its place; the settings of a table each for itself."""
    if "properties" in field:
        return {**field, "properties": {name: _open(each) for name, each in field["properties"].items()}}
    is_free = set(field) <= {"type", "default", "description"} and field.get("type") == "string"
    if is_free or field.get("type") == "object":
        return field
    told = {key: field[key] for key in ("description", "default") if key in field}
    inner: dict[str, Any] = {key: value for key, value in field.items() if key not in told}
    if "items" in inner:
        inner["items"] = _open(inner["items"])
    return {**told, "anyOf": [inner, _TEMPLATE]}
