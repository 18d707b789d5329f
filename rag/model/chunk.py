"""Chunk: the piece of a document that is ranked as one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

LEAD_MARK = "\n…"  # where a text goes on that is not shown to its end


@dataclass(frozen=True, slots=True)
class Lead:
    """How many characters of a text are its beginning, and their tokens with breadcrumb and mark."""

    characters: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """`crumb` is the breadcrumb of titles above it, outermost first; lines count from 1 in the file on disk.

    `tokens` are those of breadcrumb and text together, so that whoever shows them needs no tokenizer.
    """

    ordinal: int
    crumb: tuple[str, ...]
    text: str
    first_line: int
    last_line: int
    tokens: int
    lead: Lead

    @property
    def embedded_text(self) -> str:
        return embedded_text(self.crumb, self.text)

    @property
    def digest(self) -> str:
        """Equal digests have equal vectors under one embedder."""
        return hashlib.sha256(self.embedded_text.encode("utf-8", "surrogatepass")).hexdigest()


def embedded_text(crumb: Sequence[str], text: str) -> str:
    """What the embedder reads: the breadcrumb, then the body."""
    return f"{' > '.join(crumb)}\n{text}" if crumb else text
