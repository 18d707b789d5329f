"""Tab completion knows the home's names, and never complains."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from rag.model.document import Scope
from server.cli import completion
from server.office import Office
from tests.scenario.rag.shelf import Pages, shelving


class _Context:
    """What a completer looks at: the options typed so far."""

    def __init__(self, home: Path, **params: object) -> None:
        self.obj = {"home": home}
        self.params = params


def _tagged(shelf: str, *tags: str) -> Pages:
    pages = Pages({"page": "Text."}, shelf, Scope.FILES if shelf else Scope.KNOWLEDGE)
    pages.tags["page"] = tags
    return pages


def _offers(completer, home: Path, start: str, **params: object) -> list[tuple[str, str]]:
    return completer(_Context(home, **params), start)


def _names(completer, home: Path, start: str, **params: object) -> list[str]:
    return [name for name, _ in _offers(completer, home, start, **params)]


def test_workspaces_runs_plans_and_addresses_are_completed(built, home) -> None:
    assert _names(completion.complete_workspace, home, "d") == ["demo"]
    assert _names(completion.complete_address, home, "server.web[1") == ["server.web[1]"]
    assert _names(completion.complete_run, home, "run-")
    assert _names(completion.complete_plan, home, "plan-", workspace="demo")
    assert {name.split("-")[0] for name in _names(completion.complete_anything, home, "")} >= {"plan", "run"}


def test_tags_of_the_shipped_pages_and_of_the_workspace_are_completed_and_of_no_other(demo, home) -> None:
    with closing(Office(home, {})) as office:
        uid = office.engine().workspace("demo").uid
    index = shelving(
        home / "index", _tagged("", "ssh", "sshd"), _tagged(uid, "ssh", "ssh-ours"), _tagged("else", "ssh-x")
    )
    index.refresh()
    index.close()
    offered = _offers(completion.complete_tag, home, "ssh")
    assert offered == [("ssh", "2 texts"), ("ssh-ours", "one text"), ("sshd", "one text")]
    assert _names(completion.complete_tag, home, "network") == []


def test_without_an_index_no_tag_is_completed_and_none_is_made(demo, home) -> None:
    assert _names(completion.complete_tag, home, "") == []
    assert not (home / "index").exists()


@pytest.mark.parametrize(
    "completer",
    [completion.complete_workspace, completion.complete_plan, completion.complete_address, completion.complete_tag],
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
