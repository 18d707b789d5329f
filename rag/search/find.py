"""Find: from a query to ranked chunks, best first, with how far they can be relied on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from rag.embed.contract import Embedder
from rag.model.answer import Verdict
from rag.model.found import Found, Ranked, StoredChunk
from rag.model.query import Query
from rag.search.candidates import Candidates, candidates
from rag.search.evidence import PageEvidence, evidence
from rag.search.identifiers import identifiers, pinned
from rag.search.rerank import Reranker, reranked
from rag.search.signals import signals
from rag.search.store import Store
from rag.search.terms import LONGEST_QUERY, telling_words
from rag.search.weights import weights

_PAGES = 40  # ranked pages that are told; the rest never fits a budget
_LIFT = 1_000.0  # more than any evidence weighs
_MOSTLY = 0.5  # of the weight of a query's words
_SURE = 0.95  # that a page answers in which a rare identifier of the query stands


def find(store: Store, embedder: Embedder | None, query: Query, reranker: Reranker | None = None) -> Found:
    """Any text is taken. Without an embedder, or while nothing has vectors, by words alone."""
    found = candidates(store, embedder, query)
    pins = pinned(store, query)
    missing = store.chunks([key for key in pins if key not in found.stored])
    found = found.with_chunks(missing)
    if not found.stored:
        return Found((), 0.0, without_vectors=not found.cosines)
    seen = evidence(found)
    scores = (seen.features @ weights().features).astype(np.float64)
    if reranker is not None:
        scores = reranked(reranker, query.text[:LONGEST_QUERY], seen, scores, weights().second_look)
    scores = scores + _LIFT * np.array([max(pins.get(each.key, 0) for each in chunks) for chunks in seen.chunks])
    order = np.argsort(-scores, kind="stable")
    confidence = _confidence(found, seen, order)
    if pins and _is_about_names(found, query):
        confidence = max(confidence, _SURE)
    ranked = tuple(_ranked(seen, order[:_PAGES], _chances(scores[order], confidence), pins))
    return Found(ranked, confidence, not found.cosines, _verdict(confidence))


def _confidence(found: Candidates, seen: PageEvidence, order: NDArray[np.intp]) -> float:
    known = weights()
    by = (known.signals, known.offset) if found.cosines else (known.signals_by_words, known.offset_by_words)
    return _logistic(float(signals(found, seen, order) @ by[0]) + by[1])


def _is_about_names(found: Candidates, query: Query) -> bool:
    """Whether identifiers are most of what the query says: one in passing vouches for nothing."""
    named = telling_words(" ".join(identifiers(query.text))) or found.words
    total = sum(found.rarity.values())
    return sum(found.rarity.get(word, 0.0) for word in named) >= _MOSTLY * total


def _verdict(confidence: float) -> Verdict:
    if confidence < weights().none:
        return Verdict.NONE
    return Verdict.WEAK if confidence < weights().weak else Verdict.GOOD


def _chances(scores: NDArray[np.float64], confidence: float) -> list[float]:
    """Of each page, in their order: the first as sure as the search is, the others by how far they are behind it."""
    return [confidence * math.exp(max(-50.0, float(score - scores[0]))) ** 0.5 for score in scores]


def _ranked(
    seen: PageEvidence, order: NDArray[np.intp], chances: Sequence[float], pins: Mapping[int, int]
) -> Iterator[Ranked]:
    """Every page's best chunk, then every page's second, and so on."""
    rows: list[int] = order.tolist()
    columns: list[list[tuple[StoredChunk, float]]] = [
        [(chunk, chance) for chunk in _pins_first(seen.chunks[row], pins)]
        for row, chance in zip(rows, chances, strict=False)
    ]
    for round_ in zip_longest(*columns):
        for each in round_:
            if each is not None:
                yield Ranked(each[0], each[1], each[0].key in pins)


def _pins_first(chunks: Iterable[StoredChunk], pins: Mapping[int, int]) -> list[StoredChunk]:
    return sorted(chunks, key=lambda chunk: -pins.get(chunk.key, 0))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, value))))
