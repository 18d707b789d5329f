"""Whatever the code has is told in words, and words tell of nothing that the code does not have."""

from __future__ import annotations

import pytest

from reference.commands import leaves
from reference.errors import error_classes, error_codes
from reference.page import ROOT, sentence, table, words
from reference.protocol import addresses
from reference.settings import tables
from reference.shape import rows
from reference.source import events, variables
from server.cli.exits import Exit
from server.tools.offer import tool_of
from server.tools.selection import OFFERS

RUNBOOKS = {path.stem for path in (ROOT / "knowledge" / "runbooks").glob("*.md")}
TOOLS = {offer.name: tool_of(offer) for offer in OFFERS}


def test_every_command_is_told() -> None:
    assert {leaf.slug for leaf in leaves()} == words("commands").keys() - {"overview"}


def test_every_tool_is_told() -> None:
    assert TOOLS.keys() == words("tools").keys() - {"overview", "offered", "answer"}


@pytest.mark.parametrize("name", TOOLS)
def test_every_field_of_a_tool_is_told(name: str) -> None:
    told, own = words("fields"), words("fields")["answers_of"].get(name, {})
    arguments = {row.name for row in rows(TOOLS[name].parameters)}
    answers = {row.name for row in rows(TOOLS[name].fn_metadata.output_schema or {})}
    assert sorted(arguments - told["arguments"].keys()) == []
    assert sorted(answers - told["answers"].keys() - own.keys()) == []


def test_no_field_is_told_that_no_tool_has() -> None:
    arguments = {row.name for tool in TOOLS.values() for row in rows(tool.parameters)}
    answers = {row.name for tool in TOOLS.values() for row in rows(tool.fn_metadata.output_schema or {})}
    assert sorted(words("fields")["arguments"].keys() - arguments) == []
    assert sorted(words("fields")["answers"].keys() - answers) == []


def test_every_error_code_is_told() -> None:
    assert set(error_codes()) == words("errors").keys() - {"overview", "without_class"}


@pytest.mark.parametrize("code", error_codes())
def test_an_error_code_has_a_runbook_or_says_why_none(code: str) -> None:
    told = words("errors")[code]
    assert told.get("runbooks") or told.get("no_runbook")
    assert set(told.get("runbooks", ())) <= RUNBOOKS


def test_the_whole_tree_of_errors_is_found() -> None:
    found = {each.__name__ for each in error_classes()}
    assert {"GroundplanError", "DatabaseUnreachable", "PageClosed", "Circle", "TransientFailure"} <= found


def test_every_audit_event_is_told() -> None:
    assert {each.name for each in events()} == words("operations")["events"].keys()


def test_every_environment_variable_is_told() -> None:
    assert variables().keys() == words("operations")["variables"].keys()


def test_every_exit_code_is_told() -> None:
    assert {str(each.value) for each in Exit} == words("operations")["exits"].keys()


def test_every_table_of_settings_is_told() -> None:
    assert {name for name, _ in tables()} <= words("settings").keys()


def test_every_resource_address_is_told() -> None:
    assert {name for _, name, _ in addresses()} == words("protocol")["resources"].keys()


def test_a_table_leaves_out_columns_that_say_nothing() -> None:
    assert table(("a", "b"), [("1", ""), ("2|3", "")]) == "| a |\n|---|\n| 1 |\n| 2\\|3 |"


def test_a_sentence_begins_and_ends_as_one() -> None:
    assert sentence("a size") == "A size."
    assert sentence("Such as a, …") == "Such as a, …"
