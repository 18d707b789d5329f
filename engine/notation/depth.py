"""Depth: where a text is nested too deeply to be read at all."""

from __future__ import annotations

import re

from engine.notation.document import MOST_DEPTH, Flaw

_BRACKET = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|(?P<open>[\[{])|(?P<close>[\]}])")


def too_deep(text: str) -> Flaw:
    """The flaw, with the place of the first bracket that is one too many."""
    depth = 0
    for found in _BRACKET.finditer(text):
        depth += 1 if found["open"] else -1 if found["close"] else 0
        if depth > MOST_DEPTH:
            return _flaw(*place_of(text, found.start()))
    return _flaw(1, 1)


def place_of(text: str, at: int) -> tuple[int, int]:
    """Line and column of an offset."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _flaw(line: int, column: int) -> Flaw:
    return Flaw(f"This is nested deeper than {MOST_DEPTH} levels.", "Flatten it.", line, column)
