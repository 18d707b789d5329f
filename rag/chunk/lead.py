"""Lead: the beginning of a chunk that is shown where there is no room for the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.chunk.tokens import count
from rag.model.chunk import LEAD_MARK, Chunk, Lead

LEAD_TOKENS = 80  # with its breadcrumb: enough to tell what the rest is about
_LEAST_TEXT = 40  # of the text, however long the breadcrumb
_WORTH_CUTTING = 1.25
_END = re.compile(r"(?<=\S)(?=\s)")
_NATURAL = re.compile(r"[.!?:;]|.(?=\n)")


def lead_of(chunk: Chunk) -> Lead:
    """It ends behind a line or sentence where one ends in its second half, else behind a word; the whole if short."""
    around = count(chunk.embedded_text.removesuffix(chunk.text)) + count(LEAD_MARK)
    room = max(LEAD_TOKENS - around, _LEAST_TEXT)
    if chunk.tokens <= _WORTH_CUTTING * (around + room):
        return Lead(len(chunk.text), chunk.tokens)
    kept = chunk.text[: _last_end(chunk.text, room)].rstrip()
    return Lead(len(kept), around + count(kept))


def _last_end(text: str, room: int) -> int:
    ends = list(_fitting(text, room))
    natural = [end for end, is_natural in ends if is_natural and end >= ends[-1][0] // 2]
    if ends:
        return natural[-1] if natural else ends[-1][0]
    return room // 4  # one word without an end: no character takes more than four tokens


def _fitting(text: str, room: int) -> Iterator[tuple[int, bool]]:
    """Each place up to which the text fits, and whether a line or sentence ends there."""
    start = 0
    for found in _END.finditer(text):
        end = found.start()
        room -= count(text[start:end])
        if room < 0:
            return
        yield end, _NATURAL.match(text, end - 1) is not None
        start = end
