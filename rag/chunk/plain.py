"""Plain text as blocks: paragraphs, and pages where form feeds part them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.chunk.block import Block, BlockKind, heading

PAGE_BREAK = "\f"


def plain_blocks(lines: Sequence[str]) -> Iterator[Block]:
    begin, page = 0, 1
    for number, line in enumerate(lines):
        if line.startswith(PAGE_BREAK):
            page += 1
            yield from paragraph(lines, begin, number)
            yield heading(number, (), 1, f"page {page}")
            begin = number
        elif not line.strip():
            yield from paragraph(lines, begin, number)
            begin = number + 1
    yield from paragraph(lines, begin, len(lines))


def paragraph(lines: Sequence[str], begin: int, end: int) -> Iterator[Block]:
    """The lines as one block, blank ones at its ends left out; nothing where all are blank."""
    while begin < end and not lines[begin].strip():
        begin += 1
    while begin < end and not lines[end - 1].strip():
        end -= 1
    if begin < end:
        yield Block(BlockKind.PROSE, begin, tuple(lines[begin:end]))
