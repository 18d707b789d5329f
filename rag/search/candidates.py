"""Candidates: the chunks that words or meaning bring up, with what each side says of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.embed.contract import Embedder, Vectors
from rag.model.found import StoredChunk
from rag.model.query import Query
from rag.search.aliases import names_of, with_aliases
from rag.search.store import Store
from rag.search.terms import LONGEST_QUERY, any_of, telling_words

EACH = 100  # from words, and as many from vectors
_UNSEEN = 0.05  # a chunk without a vector counts as this much farther than the farthest candidate


@dataclass(frozen=True, slots=True)
class Candidates:
    """`lexical` and `cosines` are by chunk key; `dense` are keys, nearest first; empty without vectors.

    `rarity` is the weight of each of the query's telling words: how few chunks of the index hold it.
    """

    words: tuple[str, ...]
    rarity: Mapping[str, float]
    lexical: Mapping[int, float]
    dense: Sequence[int]
    cosines: Mapping[int, float]
    stored: Mapping[int, StoredChunk]

    def with_chunks(self, others: Mapping[int, StoredChunk]) -> Candidates:
        """Others that were asked for by name, which neither side brought up."""
        return dataclasses.replace(self, stored={**self.stored, **others}) if others else self


def candidates(store: Store, embedder: Embedder | None, query: Query) -> Candidates:
    words = telling_words(query.text)
    asked = {word: any_of(names_of(word)) for word in words}
    lexical = dict(store.lexical(" OR ".join(asked.values()), query.within, EACH)) if words else {}
    vector = embedder.embed_query(with_aliases(query.text[:LONGEST_QUERY])) if embedder is not None and words else None
    near = dict(store.dense(vector, query.within, EACH)) if vector is not None else {}
    return Candidates(
        words=words,
        rarity=store.rarity(asked),
        lexical=lexical,
        dense=tuple(near),
        cosines=_cosines(store, vector, near, lexical),
        stored=store.chunks(dict.fromkeys((*lexical, *near))),
    )


def _cosines(
    store: Store, vector: Vectors | None, near: Mapping[int, float], lexical: Mapping[int, float]
) -> dict[int, float]:
    """Of all candidates, so that a chunk found by its words alone is compared by its meaning too."""
    if vector is None or not near:
        return {}
    others = [key for key in lexical if key not in near]
    known = {**near, **store.cosines(vector, others)}
    farthest = min(known.values()) - _UNSEEN
    return {**dict.fromkeys(others, farthest), **known}
