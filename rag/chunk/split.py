"""Split: a document as chunks, each with the titles above it and its exact lines in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.chunk.block import Block
from rag.chunk.config import config_blocks
from rag.chunk.lead import lead_of
from rag.chunk.markdown import markdown_blocks
from rag.chunk.part import Draft, drafts, merged
from rag.chunk.plain import plain_blocks
from rag.chunk.restructured import restructured_blocks
from rag.chunk.sizes import SIZES, Sizes
from rag.chunk.tokens import count
from rag.model.chunk import Chunk, Lead
from rag.model.document import Document, Format
from rag.model.hidden import without_hidden

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def split(document: Document, sizes: Sizes = SIZES) -> list[Chunk]:
    """In the order of the text; takes any text, in time that grows with its length.

    Every line that is not blank and not a comment is in the lines of exactly one chunk, or of several in a row where
    it alone is too long. No chunk's text has more than `sizes.most` tokens, or `sizes.whole` where it is one table or
    code block. NUL and lone surrogates, which no store takes, become U+FFFD; other characters that hide are left out.
    """
    lines = [line.removesuffix("\r") for line in _UNSTORABLE.sub("\ufffd", document.text).split("\n")]
    title = _UNSTORABLE.sub("\ufffd", " ".join(document.title.split()))
    found = merged(drafts(_blocks(lines, document.format), title, sizes), sizes)
    chunks = list[Chunk]()
    for draft in found:
        text = without_hidden(draft.text)
        if text.strip():
            chunks.append(_chunk(len(chunks), draft, text, document.line_offset + 1))
    return chunks


def _blocks(lines: Sequence[str], notation: Format) -> Iterator[Block]:
    match notation:
        case Format.MARKDOWN:
            return markdown_blocks(lines)
        case Format.RST:
            return restructured_blocks(lines)
        case Format.TEXT:
            return plain_blocks(lines)
        case _:
            return config_blocks(lines, notation)


def _chunk(ordinal: int, draft: Draft, text: str, offset: int) -> Chunk:
    crumb = tuple(without_hidden(title) for title in draft.crumb)
    chunk = Chunk(ordinal, crumb, text, draft.first + offset, draft.last + offset, 0, Lead(0, 0))
    chunk = replace(chunk, tokens=count(chunk.embedded_text))
    return replace(chunk, lead=lead_of(chunk))
