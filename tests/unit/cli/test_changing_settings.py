"""`groundplan settings set`, `complete`, `export`: a person's words become a plan, and only a yes writes a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Cli, Session

Terminal = Callable[[Sequence[str], Sequence[tuple[str, str]]], Session]


def test_a_yes_at_the_terminal_writes_the_asked_lines(home: Path, demo: Path, terminal: Terminal) -> None:
    text = (demo / "workspace.toml").read_text()
    words = ("settings", "set", "planning.provider=demo", "worker.runs_at_once=8")
    session = terminal(words, [('Type "yes"', "yes\n")])
    assert session.code == 0, session.text
    assert (demo / "workspace.toml").read_text().startswith(text.rstrip("\n"))
    assert 'provider = "demo"' in (demo / "workspace.toml").read_text()
    assert (home / "config.toml").read_text() == "[worker]\nruns_at_once = 8\n"


def test_without_a_terminal_the_plan_waits_and_nothing_is_written(home: Path, demo: Path, cli: Cli) -> None:
    told = cli("settings", "set", "values.size=small")
    assert told.exit_code == 3
    assert "values.size" in told.stdout
    assert "size" not in (demo / "workspace.toml").read_text()


@pytest.mark.parametrize(
    ("words", "after"),
    [
        (("values.note=12",), 12), (('values.note="12"',), "12"), (("values.note=a b",), "a b"),
        (("planning.provider=12",), "12"), (("interpolation.variables=HOME, TERM",), ["HOME", "TERM"]),
        (("index.download=true",), True), (('consent.low=["page"]',), ["page"]),
    ],
)  # fmt: skip
def test_a_value_is_read_as_its_setting_wants_it(demo: Path, cli: Cli, words: tuple[str, ...], after: Any) -> None:
    told = cli("settings", "set", *words, "--json")
    (change,) = json.loads(told.stdout)["plan"]["changes"]
    assert next(iter(change["after"]["changes"].values())) == after


@pytest.mark.parametrize("words", [("values.size",), ("=3",), ("values.size=1", "--layer", "home", "-e", "dev")])
def test_what_is_no_change_is_wrong_usage(demo: Path, cli: Cli, words: tuple[str, ...]) -> None:
    assert cli("settings", "set", *words).exit_code == 2


def test_a_whole_configuration_comes_with_its_reasons(demo: Path, cli: Cli) -> None:
    told = json.loads(cli("settings", "complete", "worker.runs_at_once=8", "--json").stdout)
    reasons = {each["key"]: (each["value"], each["reason"]) for each in told}
    assert reasons["worker.runs_at_once"] == (8, "given")
    assert reasons["planning.provider"] == ("demo", "inferred: the workspace uses this provider alone")
    assert reasons["worker.retry_attempts"] == (5, "built-in")


def test_an_export_is_json_without_what_may_be_a_password(home: Path, demo: Path, cli: Cli, tmp_path: Path) -> None:
    (home / "config.toml").write_text('[index]\nembedder_url = "https://ada:hunter2@models.example"\n')
    out = tmp_path / "settings.json"
    assert cli("settings", "export", "--out", str(out)).exit_code == 0
    assert json.loads(out.read_text()) == json.loads(cli("settings", "export").stdout)
    told = json.loads(out.read_text())
    assert told["worker"]["runs_at_once"] == 4
    assert "embedder_url" not in told["index"]
    assert "hunter2" not in out.read_text()
