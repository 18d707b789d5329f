"""Cutting a text to what is left of the budget, behind a line or a sentence."""

from __future__ import annotations

import re

from rag.pack.spend import at_most

_SENTENCE = re.compile(r"[.!?]\s")
_LEAST = 40  # characters: a shorter beginning says nothing
CUT_MARK = "\n…"


def cut_to(text: str, room: int) -> str:
    """What of its beginning has at most `room` tokens, with the mark of the cut; empty where that is too little."""
    end = _fitting(text, room - at_most(CUT_MARK))
    kept = text[: _boundary(text, end)].rstrip()
    return f"{kept}{CUT_MARK}" if len(kept) >= _LEAST else ""


def _fitting(text: str, room: int) -> int:
    """How many characters fit: line by line, then word by word."""
    end = 0
    for unit in re.finditer(r"[^\S\n]*\S*\n?", text):
        room -= at_most(unit[0])
        if room < 0 or not unit[0]:
            break
        end = unit.end()
    return end


def _boundary(text: str, end: int) -> int:
    """The last end of a line or sentence in the second half of what fits; else the last word's."""
    newline = text.rfind("\n", end // 2, end)
    sentences = [found.start() + 1 for found in _SENTENCE.finditer(text, end // 2, end)]
    return max([newline, *sentences]) if newline >= 0 or sentences else end
