"""A person at a terminal confirms, or does not; a real one on a pseudo terminal."""

from __future__ import annotations

import json
import re

import pytest

from demo.person import write_browser
from server.cli.exits import Exit

ASKED = "to apply this plan: "


def test_apply_shows_the_plan_asks_builds_and_follows_to_the_end(cli, demo, terminal) -> None:
    session = terminal(["apply"], [(ASKED, "yes\n")])
    assert session.code == Exit.DONE, session.text
    assert "+ create server.web[0]" in session.text
    assert "✓ create server.web[1]" in session.text
    assert re.search(r"Run run-\w+ succeeded: 4 of 4 steps", session.text)
    assert len(json.loads(cli("state", "--json").stdout)) == 4


@pytest.mark.parametrize("typed", ["no\n", "\n", "YES!\n", "demo\n", "\x04"])
def test_anything_but_the_phrase_changes_nothing_and_ends_with_three(cli, demo, terminal, typed) -> None:
    session = terminal(["apply"], [(ASKED, typed)])
    assert session.code == Exit.UNCONFIRMED, session.text
    assert "nothing was changed" in session.text
    assert json.loads(cli("state", "--json").stdout) == []


def test_a_stored_plan_is_confirmed_by_its_id_and_only_once(cli, demo, terminal) -> None:
    plan = json.loads(cli("plan", "--json").stdout)["id"]
    assert terminal(["confirm", plan], [(ASKED, "yes\n")]).code == Exit.DONE
    again = terminal(["confirm", plan], [(ASKED, "yes\n")])
    assert again.code == Exit.FAILED
    assert "applied" in again.text


def test_destroying_asks_for_the_workspaces_name(cli, built, terminal) -> None:
    assert terminal(["destroy"], [(ASKED, "yes\n")]).code == Exit.UNCONFIRMED
    assert len(json.loads(cli("state", "--json").stdout)) == 4
    assert terminal(["destroy"], [(ASKED, "demo\n")]).code == Exit.DONE
    assert json.loads(cli("state", "--json").stdout) == []


def test_a_pipe_is_no_person(cli, demo) -> None:
    plan = json.loads(cli("plan", "--json").stdout)["id"]
    result = cli("confirm", plan, typed="yes\n")
    assert result.exit_code == Exit.UNCONFIRMED
    assert json.loads(cli("show", plan, "--json").stdout)["status"] == "pending"


def test_init_makes_a_workspace_that_is_active_and_plans_nothing(cli, terminal, tmp_path) -> None:
    session = terminal(["init", str(tmp_path / "My Shop")], [(ASKED, "yes\n")])
    assert session.code == Exit.DONE, session.text
    assert (tmp_path / "My Shop" / "workspace.toml").read_text().count('name = "my-shop"') == 1
    assert [(each["name"], each["active"]) for each in json.loads(cli("workspaces", "--json").stdout)] == [
        ("my-shop", True)
    ]
    assert "Nothing to do" in cli("plan").stdout


def test_a_folder_with_a_workspace_file_is_registered_under_its_own_name(cli, demo, terminal, tmp_path) -> None:
    (tmp_path / "clone" / "infra").mkdir(parents=True)
    (tmp_path / "clone" / "workspace.toml").write_text('name = "cloned"\n')
    assert terminal(["init", str(tmp_path / "clone")], [(ASKED, "yes\n")]).code == Exit.DONE
    assert {each["name"] for each in json.loads(cli("workspaces", "--json").stdout)} == {"demo", "cloned"}
    assert terminal(["workspaces", "switch", "demo"], [(ASKED, "yes\n")]).code == Exit.DONE
    assert [each["name"] for each in json.loads(cli("workspaces", "--json").stdout) if each["active"]] == ["demo"]


def test_ctrl_c_stops_watching_and_the_run_goes_on_with_the_next_process(cli, demo, home, terminal) -> None:
    (home / "config.toml").write_text("[providers.demo]\nlatency = 0.5\n")
    session = terminal(["apply"], [(ASKED, "yes\n"), ("✓", "\x03")])
    assert session.code == Exit.INTERRUPTED, session.text
    run = re.search(r"Run (run-\w+) goes on", session.text)
    assert run, session.text
    finished = cli("runs", run[1], "--follow")
    assert finished.exit_code == Exit.DONE, finished.output
    assert len(json.loads(cli("state", "--json").stdout)) == 4


def test_a_run_is_rolled_back_after_a_person_said_so(cli, built, terminal) -> None:
    run = json.loads(cli("runs", "--json").stdout)["items"][0]["id"]
    session = terminal(["runs", "rollback", run], [(ASKED, "demo\n")])
    assert session.code == Exit.DONE, session.text
    assert json.loads(cli("state", "--json").stdout) == []


def test_looser_rules_count_once_they_are_accepted_at_a_terminal(cli, demo, home, terminal) -> None:
    (home / "config.toml").write_text("[consent]\nexpires_minutes = 120\n")
    assert cli("consent", "accept", typed="accept looser rules\n").exit_code == Exit.UNCONFIRMED
    assert terminal(["consent", "accept"], [("stricter ones in force", "no\n")]).code == Exit.UNCONFIRMED
    assert json.loads(cli("consent", "show", "--json").stdout)["in_force"]["expires_minutes"] == 60
    assert terminal(["consent", "accept"], [("stricter ones in force", "accept looser rules\n")]).code == Exit.DONE
    assert json.loads(cli("consent", "show", "--json").stdout)["in_force"]["expires_minutes"] == 120


def test_a_plan_is_confirmed_on_the_page_in_the_persons_browser(cli, demo, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("BROWSER", str(write_browser(tmp_path, tmp_path / "notes")))
    plan = json.loads(cli("plan", "--json").stdout)["id"]
    result = cli("confirm", plan, "--page", "--json")
    assert result.exit_code == Exit.DONE, result.output
    assert json.loads(result.stdout)["status"] == "succeeded"
    assert "4 to create" in (tmp_path / "notes").read_text()


def test_without_browser_and_terminal_the_page_is_no_road_either(cli, demo, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    plan = json.loads(cli("plan", "--json").stdout)["id"]
    result = cli("confirm", plan, "--page")
    assert result.exit_code == Exit.UNCONFIRMED
    assert "/confirm/open/" not in result.output
