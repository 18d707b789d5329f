"""What a document's label costs where its passages are shown, beside their titles, which chunks count."""

from __future__ import annotations

from rag.chunk.tokens import count
from rag.model.label import address_label, kind_label


def label_tokens(uri: str, kind: str) -> int:
    return count(address_label(uri)) + count(kind_label(kind))
