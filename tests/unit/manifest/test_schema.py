"""The JSON schema that editors complete and check with: what plans is valid, and what is misspelled is marked."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from engine.contracts import SCHEMA, contract_files

ROOT = Path(__file__).parents[3]
VALIDATOR = jsonschema.Draft7Validator(json.loads(contract_files()[SCHEMA]))
EXAMPLES = [
    *sorted((ROOT / "tests" / "infrastructures").glob("*.[jty]*ml")),
    *sorted((ROOT / "tests" / "infrastructures").glob("*.json")),
    *sorted((ROOT / "reference" / "examples").glob("*.yaml")),
    *sorted((ROOT / "engine" / "workspace_templates").rglob("infra/*.yaml")),
]
WRONG: dict[str, Any] = {
    "an unknown key": {"providr": "demo"},
    "an unknown provider": {"provider": "dmo"},
    "an unknown type": {"resources": {"servr": {}}},
    "an unknown property": {"resources": {"server": {"web": {"image": "debian-12", "siz": "small"}}}},
    "a missing property": {"resources": {"server": {"web": {"size": "small"}}}},
    "a name in capitals": {"resources": {"ssh_key": {"Mine": {}}}},
    "a choice there is not": {"resources": {"volume": {"a": {"size": "1GiB", "filesystem": "ext3"}}}},
    "a number out of range": {"resources": {"server": {"a": {"image": "debian-12", "needs": {"cpu": 0}}}}},
    "a count of many": {"resources": {"ssh_key": {"a": {"count": 10_001}}}},
    "an unknown order": {"resources": {"ssh_key": {"a": {"lifecycle": {"replace": "never"}}}}},
    "ports as a number": {"resources": {"firewall": {"a": {"rules": [{"ports": 22}]}}}},
}


def test_the_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(VALIDATOR.schema)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)
def test_what_plans_is_valid(file: Path) -> None:
    text = file.read_text("utf-8")
    data = tomllib.loads(text) if file.suffix == ".toml" else yaml.safe_load(text)
    assert [error.message for error in VALIDATOR.iter_errors(data)] == []


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_marked(data: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(data)


def test_a_reference_may_stand_for_any_value() -> None:
    body = {"image": "${server.a.image}", "public": "${server.a.public}", "networks": "${network.a.id}"}
    assert VALIDATOR.is_valid({"resources": {"server": {"web": {**body, "needs": {"cpu": "${server.a.cpu}"}}}}})
