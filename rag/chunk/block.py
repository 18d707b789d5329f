"""Block: neighbouring lines of a document that belong together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    HEADING = "heading"
    PROSE = "prose"
    CODE = "code"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Block:
    """`first` counts lines from 0. `lines` are shown; those of comments are empty in them.

    A heading has a level from 1 to `DEEPEST` and a title; it may cover no line (`lines` empty) where the line that
    names a section is shown as its body. `head` is how many lines are repeated when a table or code block is cut,
    `tail` is put after every part but the last (the end of a code fence).
    """

    kind: BlockKind
    first: int
    lines: tuple[str, ...]
    level: int = 0
    title: str = ""
    head: int = 0
    tail: str = ""


DEEPEST = 6
LONGEST_TITLE = 200
LONGEST_HEADING = 300  # characters; a longer line is prose, whatever it begins with


def heading(first: int, lines: tuple[str, ...], level: int, title: str) -> Block:
    return Block(BlockKind.HEADING, first, lines, min(level, DEEPEST), title[:LONGEST_TITLE].strip())
