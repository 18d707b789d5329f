"""What `--help` says of each command is reviewed like an interface.

`GROUNDPLAN_WRITE_GOLDEN=1` writes them anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from server.cli.app import build_app

HERE = Path(__file__).parent
WRITES = bool(os.environ.get("GROUNDPLAN_WRITE_GOLDEN"))


def _commands(group: Any, *words: str) -> Iterator[tuple[str, ...]]:
    yield words
    for name, each in getattr(group, "commands", {}).items():
        yield from _commands(each, *words, name)


COMMANDS = list(_commands(typer.main.get_command(build_app())))


@pytest.mark.parametrize("words", COMMANDS, ids=[" ".join(words) or "groundplan" for words in COMMANDS])
def test_help_of_each_command_is_as_it_was_reviewed(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.rich_utils.MAX_WIDTH", 100)
    monkeypatch.setattr("typer.rich_utils.FORCE_TERMINAL", False)
    shown = CliRunner().invoke(
        build_app(), [*words, "--help"], prog_name="groundplan", env={"NO_COLOR": "1", "TERM": "dumb"}
    )
    assert shown.exit_code == 0
    _compare(
        HERE / f"{'-'.join(words) or 'groundplan'}.txt",
        "\n".join(line.rstrip() for line in shown.stdout.splitlines()).strip() + "\n",
    )


def test_no_golden_file_is_left_of_a_command_that_is_gone() -> None:
    expected = {f"{'-'.join(words) or 'groundplan'}.txt" for words in COMMANDS}
    assert {path.name for path in HERE.glob("*.txt")} == expected


def _compare(file: Path, text: str) -> None:
    if WRITES:
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text, "reviewed? then run `make golden`"
