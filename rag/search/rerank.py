"""Reranking: a second, slower look at the pages that came first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.embed.token_vectors import TokenVectors
from rag.model.errors import LibraryError, RerankerFailed
from rag.search.evidence import PageEvidence

FIRST = 12  # pages; each costs as much as embedding it
_THREADS = 2


class Reranker(Protocol):
    """Reads question and text together, which vectors that were made beforehand can't."""

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """One a text, more is better, on a scale of its own. Raises `RerankerFailed`."""
        ...


def open_reranker(setting: str, *, download: bool = False, threads: int = 0) -> Reranker:
    """Loads what the setting names. Raises `LibraryError` when it can't, or when the setting names no reranker."""
    kind, _, name = (part.strip() for part in setting.partition(":"))
    if setting == "late":
        return LateInteraction(TokenVectors(threads=threads or _THREADS))
    if kind == "cross-encoder" and name:
        # Optional and heavy: it brings torch.
        from rag.embed.cross_encoder import CrossEncoder  # noqa: PLC0415

        return CrossEncoder(name, download=download)
    raise LibraryError(f"{setting!r} names no reranker.", hint="It is none, late or cross-encoder:NAME_OR_FOLDER.")


class LateInteraction:
    """Each word of the question looks for the word of the text that is nearest to it, with the shipped model."""

    def __init__(self, vectors: TokenVectors) -> None:
        self._vectors = vectors

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        try:
            asked, *read = self._vectors.of([question, *texts])
        except Exception as error:  # onnxruntime's errors have no ancestor of their own
            raise RerankerFailed(f"The shipped model gave no vectors of words: {error}.") from error
        return [_nearest(asked @ words.T) for words in read]


def reranked(
    reranker: Reranker, question: str, seen: PageEvidence, scores: NDArray[np.float64], weight: float
) -> NDArray[np.float64]:
    """The scores with what the reranker says of the first pages added, which counts `weight` from worst to best."""
    first: list[int] = np.argsort(-scores, kind="stable")[:FIRST].tolist()
    told = np.array(reranker.scores(question, [seen.chunks[row][0].chunk.embedded_text for row in first]))
    spread = float(np.ptp(told)) or 1.0
    added = scores.copy()
    added[first] += weight * (told - told.min()) / spread
    return added


def _nearest(similarities: NDArray[np.float32]) -> float:
    return float(similarities.max(axis=1).mean()) if similarities.size else 0.0
