"""Every end of a command has its code, and a mistake of a person shows no stack trace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from server.cli.exits import Exit


def test_a_fact_in_red_and_a_hint_on_stderr_end_a_mistake_with_one(cli) -> None:
    result = cli("plan")
    assert result.exit_code == Exit.FAILED
    assert result.stdout == ""
    assert result.stderr.splitlines()[0] == "error: No workspace is active."
    assert "groundplan init" in result.stderr
    assert "Traceback" not in result.output


def test_debug_shows_where_an_error_came_from(cli) -> None:
    assert type(cli("--debug", "plan").exception).__name__ == "NotFound"


def test_options_of_every_command_may_stand_before_or_after_it(cli, demo) -> None:
    before, after = cli("--json", "-w", "demo", "state"), cli("state", "--json", "-w", "demo")
    assert before.exit_code == after.exit_code == Exit.DONE
    assert json.loads(before.stdout) == json.loads(after.stdout) == []


def test_an_unknown_workspace_is_named_with_the_nearest_one(cli, demo) -> None:
    result = cli("state", "-w", "demmo")
    assert result.exit_code == Exit.FAILED
    assert "demo" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["planx"],
        ["state", "--depth", "0"],
        ["plan", "server.web"],
        ["runs", "resume"],
        ["workspaces", "switch"],
        ["graph", "--format", "svg"],
    ],
)
def test_wrong_usage_ends_with_two(cli, demo, words) -> None:
    assert cli(*words).exit_code == Exit.USAGE


@pytest.mark.parametrize("words", [["apply"], ["destroy", "network.private"], ["init", "new"]])
def test_without_a_terminal_a_plan_is_stored_and_three_says_that_a_person_must_confirm(
    cli, built, words, tmp_path, monkeypatch
) -> None:
    _declare_a_third_server(built)
    monkeypatch.chdir(tmp_path)
    result = cli(*words)
    assert result.exit_code == Exit.UNCONFIRMED
    assert "groundplan confirm plan-" in result.stderr
    assert "error:" not in result.stderr
    assert not (tmp_path / "new").exists()


def test_detailed_exitcode_tells_that_something_would_change(cli, demo) -> None:
    assert cli("plan").exit_code == Exit.DONE
    assert cli("plan", "--detailed-exitcode").exit_code == Exit.DIFFERENT


def test_no_command_takes_a_yes(cli) -> None:
    for name in ("apply", "destroy", "confirm", "init"):
        assert cli(name, "--yes").exit_code == Exit.USAGE
        assert cli(name, "--force").exit_code == Exit.USAGE


def _declare_a_third_server(folder: Path) -> None:
    manifest = folder / "infra" / "main.yaml"
    manifest.write_text(manifest.read_text().replace("count: 2", "count: 3"))
