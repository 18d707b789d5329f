"""Problems: what is wrong with some files, gathered until everything was looked at."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from engine.model.errors import ManifestInvalid, Problem

_SUGGESTIONS = 100
_NAMED_AT_MOST = 12
_COMPARED_AT_MOST = 2000


class Problems:
    """Nearest names are looked for only for the first problems: it is slow, and nobody reads thousands."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def __len__(self) -> int:
        return len(self.found)

    def add(self, problem: Problem) -> None:
        self.found.append(problem)

    def nearest(self, word: str, known: Iterable[str], noun: str = "") -> str:
        """`Did you mean …?`, or what there is to choose from; empty when neither helps."""
        return nearest(word, known, noun) if len(self.found) < _SUGGESTIONS else ""

    def raise_any(self, where: str = "the manifest") -> None:
        """Raises `ManifestInvalid` when there is a problem; they come in the order of files and lines."""
        if self.found:
            raise ManifestInvalid(
                sorted(self.found, key=lambda problem: (problem.file, problem.line, problem.column)), where
            )


def nearest(word: str, known: Iterable[str], noun: str = "") -> str:
    names = sorted(known)
    close = difflib.get_close_matches(word[:80], names[:_COMPARED_AT_MOST], 1, 0.6)
    if close:
        return f"Did you mean {close[0]}?"
    if not names or len(names) > _NAMED_AT_MOST:
        return ""
    return f"{noun or 'There are'}: {', '.join(names)}."


def quoted(value: object, limit: int = 60) -> str:
    """A value as a message shows it: short, and with everything unprintable escaped."""
    text = ascii(value) if not isinstance(value, str) else repr(value)
    return text if len(text) <= limit else f"{text[:limit]}…"
