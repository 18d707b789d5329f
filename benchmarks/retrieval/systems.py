"""The systems that are compared: ours, and the plain ones that it has to beat, over one index and one embedder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from rag.embed.contract import Embedder
from rag.model.answer import Verdict
from rag.model.found import Found, Ranked
from rag.model.query import Query
from rag.search.find import find
from rag.search.rerank import open_reranker
from rag.search.store import Store
from rag.search.terms import any_of, words_of

System = Callable[[Store, Embedder, Query], Found]
_EACH = 100


def lexical(store: Store, embedder: Embedder, query: Query) -> Found:
    del embedder
    return _found(store, dict(_by_words(store, query)))


def dense(store: Store, embedder: Embedder, query: Query) -> Found:
    found = dict(store.dense(embedder.embed_query(query.text), query.within, _EACH))
    return _found(store, found, confidence=max(found.values(), default=0.0))


def reciprocal(k: int) -> System:
    """Reciprocal rank fusion."""

    def system(store: Store, embedder: Embedder, query: Query) -> Found:
        near = store.dense(embedder.embed_query(query.text), query.within, _EACH)
        scores: dict[int, float] = defaultdict(float)
        for side in (_by_words(store, query), near):
            for place, (key, _) in enumerate(side):
                scores[key] += 1 / (k + place + 1)
        return _found(store, scores, confidence=max((cosine for _, cosine in near), default=0.0))

    return system


def convex(weight: float) -> System:
    """Both scores from 0 to 1, the dense one with this weight; it is filled in for hits of words alone."""

    def system(store: Store, embedder: Embedder, query: Query) -> Found:
        vector = embedder.embed_query(query.text)
        words = dict(_by_words(store, query))
        near = dict(store.dense(vector, query.within, _EACH))
        cosines = {**store.cosines(vector, words), **near}
        by_words, by_meaning = _scaled(words), _scaled(cosines)
        scores = {key: weight * by_meaning[key] + (1 - weight) * by_words.get(key, 0.0) for key in cosines}
        return _found(store, scores, confidence=max(near.values(), default=0.0))

    return system


def ours(store: Store, embedder: Embedder, query: Query) -> Found:
    return find(store, embedder, query)


def ours_by_words(store: Store, embedder: Embedder, query: Query) -> Found:
    del embedder
    return find(store, None, query)


def ours_looking_twice() -> System:
    """With late interaction, as the setting `rerank` allows."""
    reranker = open_reranker("late")
    return lambda store, embedder, query: find(store, embedder, query, reranker)


SYSTEMS: Mapping[str, System] = {
    "lexical": lexical,
    "dense": dense,
    "rrf60": reciprocal(60),
    "rrf10": reciprocal(10),
    "convex0.4": convex(0.4),
    "ours, words alone": ours_by_words,
    "ours": ours,
}
SINGLES = ("lexical", "dense")


def _by_words(store: Store, query: Query) -> Sequence[tuple[int, float]]:
    """Every word of the question, as one would who had no list of words that tell nothing."""
    words = dict.fromkeys(words_of(query.text))
    return store.lexical(any_of(words), query.within, _EACH) if words else ()


def _scaled(scores: Mapping[int, float]) -> dict[int, float]:
    low, high = min(scores.values(), default=0.0), max(scores.values(), default=0.0)
    return {key: (score - low) / ((high - low) or 1.0) for key, score in scores.items()}


def _found(store: Store, scores: Mapping[int, float], confidence: float | None = None) -> Found:
    """Pages by their best chunk, one chunk of each first."""
    stored = store.chunks(scores)
    order = sorted(stored, key=lambda key: -scores[key])
    rounds: dict[int, int] = defaultdict(int)
    placed: list[tuple[int, int]] = []
    for key in order:
        placed.append((rounds[stored[key].document_key], key))
        rounds[stored[key].document_key] += 1
    ranked = tuple(Ranked(stored[key], 0.0) for _, key in sorted(placed, key=lambda each: each[0]))
    sure = max(scores.values(), default=0.0) if confidence is None else confidence
    return Found(ranked, sure, verdict=Verdict.GOOD)


def pages_of(ranked: Iterable[Ranked]) -> list[str]:
    return list(dict.fromkeys(each.stored.document_id for each in ranked))
