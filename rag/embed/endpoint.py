"""Endpoint: an embedder behind the `/v1/embeddings` protocol that OpenAI and many local servers speak."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

import numpy as np
from pydantic import BaseModel, FiniteFloat, ValidationError

from rag.embed.contract import Vectors
from rag.embed.exchange import Exchange, Patience, Refused
from rag.embed.naming import cut, fingerprint
from rag.model.errors import EmbedderFailed

_CHARACTERS = 8_000
_SHORTEST_CUT = 250
_WITHOUT_WORDS = "empty"  # endpoints refuse the empty text
_DOCUMENTS = Patience(tries=5, seconds=60, pause=60)
_QUESTION = Patience(tries=2, seconds=8, pause=1)  # somebody waits


class _Item(BaseModel):
    embedding: list[FiniteFloat]
    index: int | None = None


class _Answer(BaseModel):
    data: list[_Item]


class Endpoint:
    """Vectors from elsewhere: they are checked and made unit length here. A text the endpoint finds too long is cut."""

    batch = 64

    def __init__(self, model: str, exchange: Exchange) -> None:
        self.fingerprint = fingerprint("openai", model, model, exchange.url)
        self._model = model
        self._exchange = exchange
        self._dimensions = 0
        self._lock = Lock()

    @property
    def dimensions(self) -> int:
        """Asks the endpoint once; raises `EmbedderFailed`."""
        return self._dimensions or len(self.embed_query("dimensions"))

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        return np.vstack([
            self._embed([_sendable(text) for text in texts[start : start + self.batch]], _DOCUMENTS)
            for start in range(0, len(texts), self.batch)
        ])  # fmt: skip

    def embed_query(self, text: str) -> Vectors:
        return self._embed([_sendable(text)], _QUESTION)[0]

    def _embed(self, texts: Sequence[str], patience: Patience) -> Vectors:
        """A refused batch is halved until the text at fault stands alone, and that one until it is taken."""
        try:
            content = self._exchange.post({"model": self._model, "input": list(texts)}, patience)
        except Refused as refused:
            if len(texts) > 1:
                half = len(texts) // 2
                return np.vstack([self._embed(texts[:half], patience), self._embed(texts[half:], patience)])
            if len(texts[0]) > _SHORTEST_CUT:
                return self._embed([texts[0][: len(texts[0]) // 2]], patience)
            raise _failed(f"refuses a text of {len(texts[0])} characters ({refused})") from None
        return self._checked(_vectors(content, len(texts)))

    def _checked(self, vectors: Vectors) -> Vectors:
        with self._lock:
            self._dimensions = self._dimensions or vectors.shape[1]
        if vectors.shape[1] != self._dimensions:
            raise _failed(f"gave vectors of {vectors.shape[1]} dimensions after {self._dimensions}: another model?")
        return vectors


def _sendable(text: str) -> str:
    return cut(text, _CHARACTERS).replace("\0", " ").strip() or _WITHOUT_WORDS


def _vectors(content: bytes, count: int) -> Vectors:
    """In the order asked, whatever the order answered."""
    try:
        items = _Answer.model_validate_json(content).data
    except ValidationError:
        raise _failed("gave an answer that is no list of vectors") from None
    order = [place if item.index is None else item.index for place, item in enumerate(items)]
    if sorted(order) != list(range(count)):
        raise _failed(f"gave {len(items)} vectors for {count} texts, or numbered them wrongly")
    rows = [item.embedding for _, item in sorted(zip(order, items, strict=True), key=lambda pair: pair[0])]
    if not rows[0] or len({len(row) for row in rows}) > 1:
        raise _failed("gave vectors that are empty or of several lengths")
    vectors = np.array(rows, np.float64)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not (lengths > 0).all() or not np.isfinite(lengths).all():
        raise _failed("gave a vector without direction")
    return (vectors / lengths).astype(np.float32)


def _failed(what: str) -> EmbedderFailed:
    return EmbedderFailed(
        f"The embedding endpoint {what}.", hint="Check that its model is one that makes embeddings, and its settings."
    )
