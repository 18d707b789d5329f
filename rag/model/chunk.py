"""Chunk: the piece of a document that is ranked as one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chunk:
    """`crumb` is the breadcrumb of titles above it, outermost first; lines count from 1 in the file on disk.

    `tokens` are those of both together, so that whoever shows them needs no tokenizer.
    """

    ordinal: int
    crumb: tuple[str, ...]
    text: str
    first_line: int
    last_line: int
    tokens: int

    @property
    def embedded_text(self) -> str:
        """What the embedder reads: the breadcrumb, then the body."""
        return f"{' > '.join(self.crumb)}\n{self.text}" if self.crumb else self.text

    @property
    def digest(self) -> str:
        """Equal digests have equal vectors under one embedder."""
        return hashlib.sha256(self.embedded_text.encode("utf-8", "surrogatepass")).hexdigest()
