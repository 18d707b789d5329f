"""Tab completion knows the home's names, and never complains."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.cli import completion


class _Context:
    """What a completer looks at: the options typed so far."""

    def __init__(self, home: Path, **params: object) -> None:
        self.obj = {"home": home}
        self.params = params


def _names(completer, home: Path, start: str, **params: object) -> list[str]:
    return [name for name, _ in completer(_Context(home, **params), start)]


def test_workspaces_runs_plans_and_addresses_are_completed(built, home) -> None:
    assert _names(completion.complete_workspace, home, "d") == ["demo"]
    assert _names(completion.complete_address, home, "server.web[1") == ["server.web[1]"]
    assert _names(completion.complete_run, home, "run-")
    assert _names(completion.complete_plan, home, "plan-", workspace="demo")
    assert {name.split("-")[0] for name in _names(completion.complete_anything, home, "")} >= {"plan", "run"}


@pytest.mark.parametrize(
    "completer", [completion.complete_workspace, completion.complete_plan, completion.complete_address]
)
def test_a_home_that_is_not_there_completes_nothing_and_is_not_made(completer, tmp_path) -> None:
    assert _names(completer, tmp_path / "none", "") == []
    assert not (tmp_path / "none").exists()


def test_a_broken_home_completes_nothing(home, demo) -> None:
    (home / "config.toml").write_text("not = = toml")
    assert _names(completion.complete_workspace, home, "") == []
    assert _names(completion.complete_run, home, "") == []


def test_the_shell_is_given_the_names(cli, demo, monkeypatch) -> None:
    monkeypatch.setenv("_GROUNDPLAN_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "groundplan state -w d")
    monkeypatch.setenv("COMP_CWORD", "3")
    assert cli().stdout.split() == ["demo"]
