"""Columns and rows of Markdown tables whose heading names a secret."""

from __future__ import annotations

from rag.sources.secret_keys import is_count, is_harmless, names_secret
from rag.sources.secret_shapes import REDACTED

_DELIMITER_SIGNS = frozenset("|-: \t>")


class SecretColumns:
    """Goes through the lines of a text in order."""

    def __init__(self) -> None:
        self._head: list[str] = []
        self._secret: set[int] = set()

    def line(self, line: str) -> str:
        """The line with those cells replaced that are one word and stand under, or right of, a secret's name."""
        if "|" not in line:
            self._head, self._secret = [], set()
            return line
        if _DELIMITER_SIGNS.issuperset(line):
            self._secret = {place for place, cell in enumerate(self._head) if names_secret(cell)}
            return line
        cells = line.split("|")
        self._head = cells
        if line.count("|") < 2:
            return line
        return "|".join(self._shown(cells, place) for place in range(len(cells)))

    def _shown(self, cells: list[str], place: int) -> str:
        cell = cells[place]
        named = place in self._secret or (place > 0 and len(cells[place - 1]) < 80 and names_secret(cells[place - 1]))
        value = cell.strip()
        if not named or not value or " " in value or is_harmless(value) or is_count(value):
            return cell
        return f" {REDACTED} "
