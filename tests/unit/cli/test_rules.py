"""`groundplan rules`: the list, one of them, and the manifest held against them."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from server.cli.completion import complete_rule
from tests.unit.cli.conftest import Cli

RULES = """rules:
- name: small-ones
  description: Large servers are asked for.
  when: {type: server}
  require: {sizes: [SIZE]}
- name: owned
  severity: warn
  require: {labels: [owner]}
"""


@pytest.fixture
def ruled(demo: Path) -> Path:
    file = demo / "policies" / "rules.yaml"
    file.parent.mkdir()
    file.write_text(RULES.replace("SIZE", "medium"))
    return file


def test_a_workspace_without_rules_says_where_they_would_stand(cli: Cli, demo: Path) -> None:
    assert "policies/rules.yaml" in cli("rules").stdout
    assert cli("rules", "check").exit_code == 0


def test_rules_are_listed_in_words_and_as_json(cli: Cli, ruled: Path) -> None:
    listed = cli("rules")
    assert listed.exit_code == 0
    assert "small-ones" in listed.stdout
    assert "size is medium" in listed.stdout
    (first, second) = json.loads(cli("rules", "--json").stdout)
    assert (first["name"], first["severity"], first["line"], second["severity"]) == ("small-ones", "deny", 2, "warn")
    assert "policies/rules.yaml:2" in cli("rules", "small-ones").stdout


def test_a_check_tells_each_violation_with_its_remedy_and_fails_where_one_denies(cli: Cli, ruled: Path) -> None:
    told = cli("rules", "check")
    assert told.exit_code == 1
    assert "size is small; allowed are medium. Write size: medium." in told.stdout
    assert '"value":{"size":"medium"}' in told.stderr
    found = json.loads(cli("rules", "check", "--json").stdout)
    assert {each["severity"] for each in found["violations"]} == {"deny", "warn"}
    ruled.write_text(RULES.replace("SIZE", "small"))
    assert cli("rules", "check").exit_code == 0


def test_wrong_rules_and_unknown_names_fail_in_words(cli: Cli, ruled: Path) -> None:
    assert "There is no rule 'smal'" in cli("rules", "smal").stderr
    ruled.write_text("rules: [{name: a, requir: {}}]")
    failed = cli("rules", "check")
    assert failed.exit_code == 1
    assert "policies/rules.yaml:1:19: rule 'a': 'requir' is no key of a rule. Did you mean require?" in failed.stderr


def test_check_and_rules_are_completed(home: Path, ruled: Path) -> None:
    context = SimpleNamespace(obj={"home": home}, params={})
    assert [name for name, _ in complete_rule(context, "")] == ["check", "small-ones", "owned"]  # type: ignore[arg-type]
    assert complete_rule(context, "sm") == [("small-ones", "Large servers are asked for.")]  # type: ignore[arg-type]
