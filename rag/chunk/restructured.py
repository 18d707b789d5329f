"""reStructuredText as blocks: titles by their adornment, code, tables and paragraphs, with comments left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.chunk.block import LONGEST_HEADING, Block, BlockKind, heading

_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1+[ \t]*$")
_CODE = re.compile(r"\s*\.\. +(?:code|code-block|sourcecode|literalinclude|parsed-literal|highlight)::")
_MARKUP = re.compile(r"\.\. +(?:[\w:.+-]+::|_|\[[^\]]+\]|\|)|__ ")
_GRID = re.compile(r"\s*\+[-=+]+\+[ \t]*$")
_SIMPLE = re.compile(r"\s*=+(?:[ \t]+=+)+[ \t]*$")
_ROLE = re.compile(r":[\w:+.-]+:`|`_{0,2}|\*\*|``")


def restructured_blocks(lines: Sequence[str]) -> Iterator[Block]:
    return _Reader(lines).blocks()


class _Reader:
    """Goes through the lines once: `_at` is the next, `_begin` where the paragraph before it began."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._at = self._begin = 0
        self._styles: list[tuple[str, bool]] = []  # adornments in the order they came: the level of each

    def blocks(self) -> Iterator[Block]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if not line.strip():
                literal = self._at > self._begin and self._lines[self._at - 1].rstrip().endswith("::")
                yield from self._paragraph()
                self._skip(1)
                if literal:
                    yield from self._indented(self._at, -1)
            elif self._at == self._begin and (title := self._title()) is not None:
                yield title
                self._skip(len(title.lines))
            elif self._at == self._begin:
                yield from self._opening(line)
            else:
                self._at += 1
        yield from self._paragraph()

    def _opening(self, line: str) -> Iterator[Block]:
        """The first line of a paragraph, which may begin something else."""
        if _CODE.match(line):
            yield from self._indented(self._at + 1, _indent(line))
        elif _GRID.match(line) or _SIMPLE.match(line):
            yield self._table()
        elif line.startswith("..") and not line[2:3].strip() and _MARKUP.match(line) is None:
            self._skip(self._indented_end(self._at + 1, 0) - self._at)
        else:
            self._at += 1

    def _skip(self, count: int) -> None:
        self._at += count
        self._begin = self._at

    def _paragraph(self) -> Iterator[Block]:
        if self._begin < self._at:
            yield Block(BlockKind.PROSE, self._begin, tuple(self._lines[self._begin : self._at]))
            self._begin = self._at

    def _indented(self, start: int, indent: int) -> Iterator[Block]:
        """The lines from here to the end of what is indented deeper than `indent`; -1 is for its own first line's."""
        while start < len(self._lines) and not self._lines[start].strip():
            start += 1
        if indent < 0:
            deeper = _indent(self._lines[start]) if start < len(self._lines) else 0
            if not deeper:
                return
            indent = deeper - 1
        end = self._indented_end(start, indent)
        first, lines = self._at, tuple(self._lines[self._at : end])
        self._skip(end - self._at)
        yield Block(BlockKind.CODE, first, lines)

    def _indented_end(self, start: int, indent: int) -> int:
        """Behind the last line of those that are blank or indented deeper, blank ones at the end left out."""
        end = start
        for number in range(start, len(self._lines)):
            if self._lines[number].strip():
                if _indent(self._lines[number]) <= indent:
                    break
                end = number + 1
        return end

    def _table(self) -> Block:
        """Up to the next blank line; its head is what stands above the second rule."""
        first, end = self._at, self._at
        while end < len(self._lines) and self._lines[end].strip():
            end += 1
        lines = tuple(self._lines[first:end])
        rules = [number for number, line in enumerate(lines) if _GRID.match(line) or _SIMPLE.match(line)]
        self._skip(end - first)
        return Block(BlockKind.TABLE, first, lines, head=min(rules[1] + 1, 6) if len(rules) > 2 else 0)

    def _title(self) -> Block | None:
        """A title that begins at this line, with an adornment below it or on both sides."""
        for over in (False, True):
            lines = self._lines[self._at : self._at + (3 if over else 2)]
            if (title := _title_in(lines, over=over)) is not None:
                level = self._level((lines[-1].strip()[0], over))
                return heading(self._at, tuple(lines), level, title)
        return None

    def _level(self, style: tuple[str, bool]) -> int:
        if style not in self._styles:
            self._styles.append(style)
        return self._styles.index(style) + 1


def _title_in(lines: Sequence[str], *, over: bool) -> str | None:
    if len(lines) != 2 + over or max(map(len, lines)) > LONGEST_HEADING:
        return None
    title, under = lines[-2].strip(), lines[-1].rstrip()
    fits = _ADORNMENT.match(under) is not None and len(under) >= min(len(title), 4)
    if not (fits and title) or _ADORNMENT.match(title) is not None:
        return None
    framed = lines[0].rstrip() == under if over else not lines[-2][:1].isspace()
    return (_ROLE.sub("", title).strip() or None) if framed else None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
