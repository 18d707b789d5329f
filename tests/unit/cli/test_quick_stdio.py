"""The words of a `stdio` call are read without typer, and understood as typer would."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from server.cli.quick_stdio import StdioWords, read_stdio_words

SOURCES = Path(__file__).resolve().parents[3]


def test_options_stand_before_or_after_the_command() -> None:
    expected = StdioWords(Path("/h"), "shop", True, ("read", "plans"))
    words = ["--home", "/h", "stdio", "-w", "shop", "--read-only", "--groups", "read, plans"]
    assert read_stdio_words(words) == expected
    assert read_stdio_words(["stdio"]) == StdioWords(None, "", False, ())


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["plan"],
        ["stdio", "--help"],
        ["stdio", "--nope"],
        ["stdio", "--json"],
        ["-w", "stdio"],
        ["show", "stdio"],
        ["stdio", "x"],
    ],
)
def test_everything_else_is_left_to_the_full_command_line(words) -> None:
    assert read_stdio_words(words) is None


def test_a_quick_call_imports_neither_typer_nor_rich_nor_the_engines_libraries() -> None:
    code = (
        "import sys, server.cli as cli; cli.read_stdio_words(['stdio']);"
        "print([name for name in ('typer', 'rich', 'sqlalchemy', 'dbos', 'docker', 'asyncssh') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=SOURCES, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
