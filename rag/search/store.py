"""Store: what searching asks of the index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from rag.embed.contract import Vectors
from rag.model.found import StoredChunk
from rag.model.query import Within


class Store(Protocol):
    """One consistent view of the index for one search. Keys of chunks are integers; cheap to open."""

    def lexical(self, match: str, within: Within, count: int) -> Sequence[tuple[int, float]]:
        """FTS5 query to (key, score), best first; a score is minus FTS5's bm25, so that more is better."""
        ...

    def dense(self, vector: Vectors, within: Within, count: int) -> Sequence[tuple[int, float]]:
        """Nearest chunks as (key, cosine), best first; empty while the index holds no vectors of this model."""
        ...

    def cosines(self, vector: Vectors, keys: Iterable[int]) -> Mapping[int, float]:
        """Cosines of exactly these chunks; those without a vector are left out."""
        ...

    def chunks(self, keys: Iterable[int]) -> Mapping[int, StoredChunk]: ...

    def frequency(self, match: str, within: Within, up_to: int) -> int:
        """How many chunks match, counted up to a limit."""
        ...

    def rarity(self, matches: Mapping[str, str]) -> Mapping[str, float]:
        """The inverse frequency of each FTS5 query, by its name: near 0 for what every chunk of the index matches."""
        ...

    def size(self, within: Within) -> int: ...
