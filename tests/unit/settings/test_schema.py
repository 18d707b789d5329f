"""The JSON schemas that editors read settings files with: what loads is valid, and what is wrong is marked."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from engine.contracts import CONFIG_SCHEMA, DEFAULTS_SCHEMA, WORKSPACE_SCHEMA, contract_files
from reference.page import words
from tests.unit.settings.place import Place

SCHEMAS = {name: json.loads(contract_files()[name]) for name in (CONFIG_SCHEMA, WORKSPACE_SCHEMA, DEFAULTS_SCHEMA)}
TOLD = {
    name: each["example"] for name, each in words("settings").items() if isinstance(each, dict) and "example" in each
}
VALID = [
    *((CONFIG_SCHEMA, text) for name, text in TOLD.items() if name != "workspace"),
    (CONFIG_SCHEMA, 'environment = "dev"\nplan_seconds = "{{ settings.values.patience }}"\n[values]\npatience = 5\n'),
    (CONFIG_SCHEMA, '[index]\nembedder_key = "secret://embedder"\n[planning]\nprovider = "demo"\n'),
    (WORKSPACE_SCHEMA, TOLD["workspace"]),
    (WORKSPACE_SCHEMA, '[values]\na = [1, {b = true}]\nb-c = "{{ now }}"\n[consent]\nexpires_minutes = 5\n'),
    (DEFAULTS_SCHEMA, '[planning]\nprovider = "{{ settings.values.provider }}"\n[values]\nprovider = "demo"\n'),
]
WRONG = {
    "a number for text": (WORKSPACE_SCHEMA, "[planning]\nprovider = 5"),
    "an unknown key": (WORKSPACE_SCHEMA, "valuess = 1"),
    "a key of the home": (WORKSPACE_SCHEMA, "[worker]\nlease_seconds = 5"),
    "an environment that is a path": (WORKSPACE_SCHEMA, 'environment = "../x"'),
    "an environment that is a template": (WORKSPACE_SCHEMA, 'environment = "{{ env.USER }}"'),
    "a value with a name of two words": (WORKSPACE_SCHEMA, '[values]\n"a b" = 1'),
    "an unknown channel": (WORKSPACE_SCHEMA, '[consent]\nlow = ["telepathy"]'),
    "consent in defaults": (DEFAULTS_SCHEMA, '[consent]\nlow = ["page"]'),
    "an environment in defaults": (DEFAULTS_SCHEMA, 'environment = "dev"'),
    "a number out of range": (CONFIG_SCHEMA, "plan_seconds = 56"),
    "a literal secret": (CONFIG_SCHEMA, '[index]\nembedder_key = "sk-abc"'),
    "an unknown provider's setting": (CONFIG_SCHEMA, '[providers.demo]\nregoin = "x"'),
}


@pytest.mark.parametrize(("name", "text"), VALID)
def test_what_loads_is_valid(place: Place, name: str, text: str) -> None:
    file = {CONFIG_SCHEMA: "config.toml", WORKSPACE_SCHEMA: "workspace.toml"}.get(name, "settings/dev-defaults.toml")
    place.write(file, text)
    place.load(environment="dev" if name == DEFAULTS_SCHEMA else "")
    assert [error.message for error in jsonschema.Draft7Validator(SCHEMAS[name]).iter_errors(tomllib.loads(text))] == []


@pytest.mark.parametrize(("name", "text"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_marked(name: str, text: str) -> None:
    assert not jsonschema.Draft7Validator(SCHEMAS[name]).is_valid(tomllib.loads(text))


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_is_described(name: str) -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMAS[name])
    found = list(_described(SCHEMAS[name], ""))
    assert len(found) > 2
    assert [path for path, is_told in found if not is_told] == []


def _described(schema: Any, path: str) -> Iterator[tuple[str, bool]]:
    for key, field in schema.get("properties", {}).items():
        if path != "/providers":  # a table of each, which the page of the provider tells of
            yield f"{path}/{key}", bool(field.get("description"))
        yield from _described(field, f"{path}/{key}")
