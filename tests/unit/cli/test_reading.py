"""What the reading commands print: tables for people, JSON for programs."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from server.cli.exits import Exit


@pytest.mark.parametrize(
    "words",
    [
        ["workspaces"], ["state"], ["state", "server.web[0]"], ["show", "server.web[0]"], ["graph"], ["runs"], ["drift"],
        ["plan"], ["audit", "tail"], ["audit", "verify"], ["consent", "show"], ["token", "list"], ["doctor"],
    ],
)  # fmt: skip
def test_json_of_every_reading_command_is_json_and_nothing_else(cli, built, words) -> None:
    result = cli(*words, "--json")
    assert result.exit_code == Exit.DONE, result.output
    json.loads(result.stdout)


def test_state_filters_by_type_label_and_relation(cli, built) -> None:
    def addresses(*words: str) -> list[str]:
        return [each["address"] for each in json.loads(cli("state", "--json", *words).stdout)]

    assert addresses("--type", "network") == ["network.private"]
    assert addresses("--depends-on", "network.private") == ["server.web[0]", "server.web[1]"]
    assert addresses("--needed-by", "server.web[1]") == ["network.private"]
    assert addresses("--provider", "local") == []


def test_history_of_a_resource_names_the_run_that_made_it(cli, built) -> None:
    run = json.loads(cli("runs", "--json").stdout)["items"][0]["id"]
    assert run in cli("state", "network.private", "--history").stdout


def test_show_finds_out_what_it_is_asked_for(cli, built) -> None:
    listed = json.loads(cli("runs", "--json").stdout)["items"][0]
    assert cli("show", listed["id"]).stdout.startswith(f"Run {listed['id']}")
    assert listed["plan_id"] in cli("show", listed["plan_id"]).stdout
    assert "network.private" in cli("show", "network.private").stdout
    assert cli("show", "nothing").exit_code == Exit.FAILED


def test_drift_ends_with_four_and_names_what_vanished(cli, built, home) -> None:
    _lose_a_server(home)
    result = cli("drift", "--json")
    assert result.exit_code == Exit.DIFFERENT
    assert [each["kind"] for each in json.loads(result.stdout)["findings"]] == ["missing"]


def test_a_cut_off_audit_log_fails_the_check(cli, built, home) -> None:
    log = home / "audit" / "audit.jsonl"
    log.write_text("".join(log.read_text().splitlines(keepends=True)[:-1]))
    result = cli("audit", "verify")
    assert result.exit_code == Exit.FAILED
    assert "cut off" in result.stdout


def test_a_table_in_a_pipe_is_neither_cut_nor_coloured_nor_padded(cli, built) -> None:
    lines = cli("state").stdout.splitlines()
    assert len(lines) == 2 + 4
    assert all(line == line.rstrip() and "\033" not in line for line in lines)


def test_text_from_outside_is_neither_markup_nor_a_control_sequence() -> None:
    from server.cli.table import cell  # noqa: PLC0415

    assert cell("[red]x[/red]\033[2J\u202e").plain == "[red]x[/red]⟨U+001B⟩[2J⟨U+202E⟩"


def _lose_a_server(home: Path) -> None:
    """Delete one server behind our back, in the simulated cloud's own file."""
    with sqlite3.connect(home / "demo" / "cloud.db") as cloud:
        tables = [name for (name,) in cloud.execute("select name from sqlite_master where type = 'table'")]
        assert "object" in tables, tables
        cloud.execute("delete from object where rowid = (select rowid from object where type = 'server' limit 1)")
