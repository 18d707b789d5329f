"""Markdown and MDX as blocks: headings, fenced code, tables and paragraphs, with comments left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.chunk.block import LONGEST_HEADING, Block, BlockKind, heading
from rag.chunk.comments import without_comments
from rag.chunk.fence import Fence, fence_at

_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*$")
_NO_TITLE = re.compile(r"    |\t|\s*(?:[>|<]|[-*+][ \t]|\d+[.)][ \t])")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_AFTER_TITLE = re.compile(r"[ \t]*\{#[^{}]*\}$|(?:^|[ \t])#+$")
_DELIMITER_SIGNS = frozenset("|-: \t>")


def markdown_blocks(lines: Sequence[str]) -> Iterator[Block]:
    return _Reader(without_comments(lines)).blocks()


class _Reader:
    """Goes through the lines once: `_at` is the next, `_begin` where the paragraph before it began."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._at = self._begin = 0

    def blocks(self) -> Iterator[Block]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if not line.strip():
                yield from self._paragraph(self._at)
                self._take(1)
            elif (fence := fence_at(line)) is not None:
                yield from self._paragraph(self._at)
                yield self._fenced(fence)
            elif (title := _atx(line)) is not None:
                yield from self._paragraph(self._at)
                yield heading(self._at, self._take(1), *title)
            elif self._underlines(line):
                yield self._setext()
            elif self._delimits(line):
                yield from self._paragraph(self._at - 1)
                yield self._table()
            else:
                self._at += 1
        yield from self._paragraph(self._at)

    def _take(self, count: int) -> tuple[str, ...]:
        """The lines from the end of the last block up to so many from here; the next block begins behind them."""
        self._at += count
        taken = tuple(self._lines[self._begin : self._at])
        self._begin = self._at
        return taken

    def _paragraph(self, end: int) -> Iterator[Block]:
        """What was collected up to `end`."""
        if self._begin < end:
            yield Block(BlockKind.PROSE, self._begin, tuple(self._lines[self._begin : end]))
            self._begin = end

    def _fenced(self, fence: Fence) -> Block:
        first, end = self._at, self._at + 1
        while end < len(self._lines) and not fence.is_closed_by(self._lines[end]):
            end += 1
        lines = self._take(min(end + 1, len(self._lines)) - first)
        return Block(BlockKind.CODE, first, lines, head=1, tail=fence.closing)

    def _table(self) -> Block:
        first, end = self._begin, self._at + 1
        while end < len(self._lines) and "|" in self._lines[end] and self._lines[end].strip():
            end += 1
        return Block(BlockKind.TABLE, first, self._take(end - self._at), head=2)

    def _setext(self) -> Block:
        first = self._begin
        title, underline = self._take(1)
        return heading(first, (title, underline), 1 if "=" in underline else 2, spoken(title))

    def _underlines(self, line: str) -> bool:
        """Whether a paragraph of one line becomes a title by this line."""
        if self._begin != self._at - 1 or len(line) > LONGEST_HEADING or _UNDERLINE.match(line) is None:
            return False
        title = self._lines[self._begin]
        return len(title) <= LONGEST_HEADING and _NO_TITLE.match(title) is None and bool(spoken(title))

    def _delimits(self, line: str) -> bool:
        """Whether this line and the one before it begin a table."""
        if self._begin == self._at or "|" not in self._lines[self._at - 1]:
            return False
        return "|" in line and "-" in line and _DELIMITER_SIGNS.issuperset(line)


def spoken(title: str) -> str:
    """A heading's words without its markup."""
    text = _LINK.sub(r"\1", _AFTER_TITLE.sub("", title.strip()))
    return re.sub(r"`|\*\*|__", "", text).strip()


def _atx(line: str) -> tuple[int, str] | None:
    if len(line) > LONGEST_HEADING or (found := _ATX.match(line)) is None:
        return None
    title = spoken(found[2] or "")
    return (len(found[1]), title) if title else None
