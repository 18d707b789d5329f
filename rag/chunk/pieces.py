"""Pieces: a block's lines, cut where it is too large to be one chunk's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.chunk.block import Block, BlockKind
from rag.chunk.sizes import Sizes
from rag.chunk.tokens import count

_BREAK = re.compile(r"[.!?;:]?\s(?=\S)")
_SEARCHED = 400  # characters before a cut that are looked through for the end of a sentence or a word


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines count from 0 in the text; `last` is the last one that is in it."""

    text: str
    first: int
    last: int
    tokens: int


def pieces(block: Block, sizes: Sizes) -> Iterator[Piece]:
    """Tables and code whole up to `sizes.whole`, the rest up to `sizes.most`; what is larger in parts of that size."""
    whole = Piece("\n".join(block.lines).strip("\n"), block.first, block.first + len(block.lines) - 1, 0)
    tokens = count(whole.text)
    most = sizes.most if block.kind is BlockKind.PROSE else sizes.whole
    if tokens <= most:
        yield Piece(whole.text, whole.first, whole.last, tokens)
        return
    head, tail = _repeated(block, sizes)
    body = block.lines[len(head) :]
    yield from _wrapped(_runs(body, block.first + len(head), sizes, count("\n".join((*head, tail)))), head, tail)


def _repeated(block: Block, sizes: Sizes) -> tuple[tuple[str, ...], str]:
    """What stands around every part: nothing, where it would take more than a quarter of it."""
    head = block.lines[: block.head]
    if count("\n".join((*head, block.tail))) > sizes.most // 4:
        return (), ""
    return head, block.tail


def _wrapped(parts: Iterator[Piece], head: Sequence[str], tail: str) -> Iterator[Piece]:
    previous: Piece | None = None
    for part in parts:
        if previous is not None:
            yield _framed(previous, head, tail)
        elif head:
            part = Piece(part.text, part.first - len(head), part.last, part.tokens)  # noqa: PLW2901
        previous = part
    if previous is not None:
        # The block's own last line is in it, and with that the end of its fence.
        yield _framed(previous, head, "")


def _framed(piece: Piece, head: Sequence[str], tail: str) -> Piece:
    if not (head or tail):
        return piece
    text = "\n".join((*head, piece.text, *([tail] if tail else [])))
    return Piece(text, piece.first, piece.last, count(text))


def _runs(lines: Sequence[str], first: int, sizes: Sizes, overhead: int) -> Iterator[Piece]:
    """Lines together until they fill a part."""
    room = sizes.most - overhead
    run: list[Piece] = []
    spent = 0
    for segment in _segments(lines, first, room - _JOINTS):
        cost = segment.tokens + 1
        if run and (spent + cost > room - _JOINTS or spent >= sizes.target):
            yield _joined(run)
            run, spent = [], 0
        run.append(segment)
        spent += cost
    if run:
        yield _joined(run)


_JOINTS = 8  # tokens by which lines may cost more together than apart


def _joined(run: Sequence[Piece]) -> Piece:
    text, last = run[0].text, run[0].last
    for each in run[1:]:
        text += ("\n" * (each.first > last)) + each.text
        last = each.last
    return Piece(text, run[0].first, last, count(text))


def _segments(lines: Sequence[str], first: int, most: int) -> Iterator[Piece]:
    """Every line, and in parts those that alone are too long."""
    for number, line in enumerate(lines, first):
        yield from (Piece(part, number, number, tokens) for part, tokens in _fitting(line, most))


def _fitting(line: str, most: int) -> Iterator[tuple[str, int]]:
    """The line cut at ends of sentences or words, so that each part has at most so many tokens."""
    start, step = 0, 4 * most
    while start < len(line):
        part = line[start : _cut(line, start, start + step)]
        tokens = count(part)
        if tokens > most and len(part) > 1:
            step = max(1, len(part) // 2)
            continue
        yield part, tokens
        start += len(part)
        step = min(4 * most, 2 * step)
    if not line:
        yield "", 0


def _cut(line: str, start: int, end: int) -> int:
    """The best place at or before `end`: behind a sentence, else behind a word, else right there."""
    if end >= len(line):
        return len(line)
    begin = max(start + (end - start) // 2, end - _SEARCHED)
    ends = list(_BREAK.finditer(line, begin, end))
    sentences = [found.end() for found in ends if not found[0][0].isspace()]
    return (sentences or [found.end() for found in ends] or [end])[-1]
