"""Finds for tests: pages of sections, as a search would hand them over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.chunk.label import label_tokens
from rag.chunk.split import split
from rag.model.answer import Verdict
from rag.model.document import Document, Scope
from rag.model.found import Found, Ranked, StoredChunk

SENTENCES = (
    "A server answers what is asked of it. It runs in a network, day and night. Nobody looks after it by hand. " * 3
)


def page(key: int = 1, text: str = "", **facts: Any) -> list[StoredChunk]:
    """A document's chunks as the store holds them."""
    whole: dict[str, Any] = {
        "id": f"page-{key}", "shelf": "", "scope": Scope.KNOWLEDGE, "uri": f"groundplan://knowledge/page-{key}",
        "title": f"Page {key}", "text": text or sections(4), "kind": "guide",
    }  # fmt: skip
    document = Document(**{**whole, **facts})
    return [
        StoredChunk(
            key=1000 * key + chunk.ordinal, document_key=key, document_id=document.id, uri=document.uri,
            title=document.title, shelf=document.shelf, scope=document.scope, kind=document.kind, tags=document.tags,
            updated_at=document.updated_at, label_tokens=label_tokens(document.uri, document.kind), chunk=chunk,
        )
        for chunk in split(document)
    ]  # fmt: skip


def sections(count: int) -> str:
    return "\n\n".join(f"## Section {number}\n\n{SENTENCES}" for number in range(count))


def found(chunks: Sequence[StoredChunk], verdict: Verdict = Verdict.GOOD, confidence: float = 0.8) -> Found:
    ranked = (Ranked(stored, 1 - place / (len(chunks) + 1)) for place, stored in enumerate(chunks))
    return Found(tuple(ranked), confidence, verdict=verdict)
