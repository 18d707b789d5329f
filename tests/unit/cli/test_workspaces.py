"""`groundplan workspaces`, `init --template` and `promote`: what they print, and what a person at a terminal gets done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from server.cli import completion
from server.cli.exits import Exit
from tests.unit.cli.test_completion import _names, _offers

ASKED = "Type "


def listed(cli, *words: str) -> list[tuple[str, bool]]:
    return [(each["name"], each["active"]) for each in json.loads(cli("workspaces", *words, "--json").stdout)]


@pytest.mark.parametrize("words", [["list"], ["show"], ["show", "demo"], ["templates"], ["list", "--archived"]])
def test_json_of_what_reads_is_json_and_nothing_else(cli, demo, words) -> None:
    result = cli("workspaces", *words, "--json")
    assert result.exit_code == Exit.DONE, result.output
    json.loads(result.stdout)


def test_with_no_act_the_list_is_meant_and_help_stays_help(cli, demo) -> None:
    assert cli("workspaces").stdout == cli("workspaces", "list").stdout
    assert cli("workspaces", "--archived").exit_code == Exit.DONE
    assert "COMMAND" in cli("workspaces", "--help").stdout
    assert cli("workspaces", "swich", "demo").exit_code == Exit.USAGE


def test_show_names_the_other_environments_of_the_project(cli, demo, terminal, tmp_path) -> None:
    (demo / "workspace.toml").write_text('name = "demo"\nproject = "shop"\nenvironment = "dev"\n')
    assert terminal(["init", str(tmp_path / "prod"), "--template", "web"], [(ASKED, "yes\n")]).code == Exit.DONE
    (tmp_path / "prod" / "workspace.toml").write_text('name = "prod"\nproject = "shop"\n')
    told = json.loads(cli("workspaces", "show", "demo", "--json").stdout)
    assert (told["project"], told["environment"], told["others"]) == ("shop", "dev", ["prod"])
    (tmp_path / "prod" / "workspace.toml").write_text("broken")
    assert json.loads(cli("workspaces", "show", "demo", "--json").stdout)["others"] == []


def test_a_template_is_for_a_new_workspace_and_has_to_be_one(cli, demo, tmp_path) -> None:
    wrong = cli("init", str(tmp_path / "new"), "--template", "wep")
    assert wrong.exit_code == Exit.FAILED
    assert "There are: blank, demo, web" in wrong.stderr
    again = cli("init", str(demo), "--template", "web")
    assert again.exit_code == Exit.FAILED
    assert "is a workspace already" in again.stderr


def test_templates_and_archived_workspaces_are_completed(demo, home) -> None:
    assert _names(completion.complete_template, home, "") == ["blank", "demo", "web", "database", "k8s"]
    assert _names(completion.complete_template, home, "da") == ["database"]
    assert _names(completion.complete_any_workspace, home, "d") == ["demo"]
    assert _offers(completion.complete_template, home / "none", "") == []
    assert not (home / "none").exists()


def test_a_workspace_is_renamed_at_a_terminal(cli, built, terminal) -> None:
    session = terminal(["workspaces", "rename", "demo", "shop"], [(ASKED, "yes\n")])
    assert session.code == Exit.DONE, session.text
    assert listed(cli) == [("shop", True)]
    assert len(json.loads(cli("state", "--json").stdout)) == 4
    assert "Nothing to do" in cli("plan").stdout


def test_a_workspace_is_exported_and_imported_into_another_home(cli, built, terminal, tmp_path) -> None:
    bundle = tmp_path / "demo.tar.gz"
    told = json.loads(cli("workspaces", "export", "demo", "--out", str(bundle), "--json").stdout)
    assert (told["name"], told["resources"], Path(told["path"])) == ("demo", 4, bundle)
    assert cli("workspaces", "export", "demo", "--out", str(bundle)).exit_code == Exit.FAILED
    other = str(tmp_path / "other")
    words = ["--home", other, "workspaces", "import", str(bundle), "--name", "copy", "--path", str(tmp_path / "copy")]
    unasked = cli(*words)
    assert unasked.exit_code == Exit.UNCONFIRMED
    assert told["sha256"] in unasked.stdout
    session = terminal(words, [(ASKED, "yes\n")])
    assert session.code == Exit.DONE, session.text
    assert (tmp_path / "copy" / "infra" / "main.yaml").is_file()
    assert [each["name"] for each in json.loads(cli("--home", other, "workspaces", "--json").stdout)] == ["copy"]
    bad = tmp_path / "bad.tar.gz"
    bad.write_bytes(bundle.read_bytes()[:-30])
    refused = cli("--home", other, "workspaces", "import", str(bad))
    assert refused.exit_code == Exit.FAILED
    assert "no bundle that can be taken" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_promoting_shows_the_plan_and_refuses_what_is_of_no_project(cli, built, terminal, tmp_path) -> None:
    assert terminal(["init", str(tmp_path / "prod")], [(ASKED, "yes\n")]).code == Exit.DONE
    refused = cli("-w", "prod", "promote", "demo")
    assert refused.exit_code == Exit.FAILED
    assert "is of no project" in refused.stderr
    for folder, name in ((built, "demo"), (tmp_path / "prod", "prod")):
        (folder / "workspace.toml").write_text(f'name = "{name}"\nproject = "shop"\n')
    shown = cli("-w", "prod", "promote", "demo")
    assert shown.exit_code == Exit.UNCONFIRMED
    assert "4 to create, 1 file to write" in shown.stdout
    assert terminal(["-w", "prod", "promote", "demo"], [(ASKED, "yes\n")]).code == Exit.DONE
    assert len(json.loads(cli("-w", "prod", "state", "--json").stdout)) == 4


def test_there_is_nothing_to_migrate(cli, demo) -> None:
    result = cli("workspaces", "migrate")
    assert result.exit_code == Exit.FAILED
    assert "is of schema 1, the current one" in result.stderr
