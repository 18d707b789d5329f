"""Found: chunks as the store keeps them, and what a search says of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rag.model.answer import Verdict
from rag.model.chunk import Chunk
from rag.model.document import Scope


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk with what its document is; `key` identifies it in the store as long as its text stays.

    `label_tokens` are those of its document's address and kind, as they are shown.
    """

    key: int
    document_key: int
    document_id: str
    uri: str
    title: str
    shelf: str
    scope: Scope
    kind: str
    tags: tuple[str, ...]
    updated_at: datetime | None
    label_tokens: int
    chunk: Chunk


@dataclass(frozen=True, slots=True)
class Ranked:
    """`score` is 0 to 1: how likely this chunk's page answers. `pinned` tells that a rare identifier stands in it."""

    stored: StoredChunk
    score: float
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Best first, every page's best chunk before any page's second. `confidence` is that the first ones answer.

    `verdict` is what the calibrated thresholds say of it; nothing is shown of what is found when it is NONE.
    """

    ranked: tuple[Ranked, ...]
    confidence: float
    without_vectors: bool = False
    verdict: Verdict = Verdict.NONE
