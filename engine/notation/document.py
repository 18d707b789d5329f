"""Document: one file as plain data that can still say where each part of it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.model.errors import Problem
from engine.model.resource import Place
from engine.notation.nodes import Path

MOST_BYTES = 2 << 20
MOST_VALUES = 500_000
MOST_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Document:
    """`locate` gives line and column of a path of keys and indexes, or of the longest part of it that exists."""

    file: str
    data: dict[str, Any]
    locate: Callable[[Path], tuple[int, int]]

    def place(self, path: Path) -> Place:
        return Place(self.file, *self.locate(path))

    def problem(self, path: Path, message: str, hint: str = "", address: str = "") -> Problem:
        line, column = self.locate(path)
        return Problem(message, hint, self.file, line, column, address)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What a reader can't accept, before anybody knows the file's name; `file` is another one that it reads."""

    message: str
    hint: str
    line: int = 0
    column: int = 0
    file: str = ""


class Unreadable(Exception):
    """The text is no document; it carries every flaw."""

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__(flaws[0].message)
        self.flaws = flaws
