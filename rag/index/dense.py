"""Dense: nearest vectors of one snapshot, from Chroma where a shelf has a copy there, and exactly from memory else."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np

from rag.embed.contract import Vectors
from rag.index.chroma import ChromaFailed
from rag.index.copies import Copies, Copy
from rag.index.matrix import Keys, Matrices, Part, decoded
from rag.index.within import condition, is_whole_shelf
from rag.model.query import Within

_FEW = 4_000  # vectors that are compared one by one in about the time that Chroma takes to be asked
_AT_ONCE = 500  # parameters of one statement; SQLite allows 32,766

_DATA = (
    "from document join chunk on chunk.document = document.key"
    " join vector on vector.chunk = chunk.key and vector.embedder = ? where"
)


class Dense:
    """Over one read transaction of the connection, as of one generation. For one thread."""

    def __init__(self, connection: sqlite3.Connection, matrices: Matrices, copies: Copies) -> None:
        self._connection = connection
        self._matrices = matrices
        self._copies = copies
        meta = dict(connection.execute("select name, value from meta"))
        self.generation: int = meta["generation"]
        self.embedder: int = meta["serving"]

    def nearest(self, vector: Vectors, within: Within, count: int) -> Sequence[tuple[int, float]]:
        """Keys and cosines, best first."""
        found: dict[int, float] = {}
        for shelf in within.shelves:
            found |= self._on_shelf(dataclasses.replace(within, shelves=(shelf,)), vector, count)
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:count]

    def cosines(self, vector: Vectors, keys: Iterable[int]) -> dict[int, float]:
        found: list[tuple[int, bytes]] = []
        for some in portions(keys):
            found += self._connection.execute(
                f"select chunk, data from vector where embedder = ? and chunk in ({marks(some)})",  # noqa: S608
                (self.embedder, *some),
            )
        return _compared(found, vector)

    def _on_shelf(self, within: Within, vector: Vectors, count: int) -> dict[int, float]:
        shelf = within.shelves[0]
        copy = self._copies.of(shelf, self.embedder, self._connection)
        found: dict[int, float] = {}
        if copy is not None:
            try:
                found = self._in_copy(copy, within, vector, count)
            except ChromaFailed as error:
                self._copies.failed(error)
                copy = None
        part = Part(shelf, self.embedder, copy.upto if copy else 0)
        matrix = self._matrices.of(part, self.generation, self._connection)
        documents = None if is_whole_shelf(within) else self._documents(within)
        return found | dict(matrix.nearest(vector, count, documents))

    def _in_copy(self, copy: Copy, within: Within, vector: Vectors, count: int) -> dict[int, float]:
        """What Chroma has of chunks that are gone, or may not answer, is dropped; then it is asked for more."""
        asked = count + count // 4
        if is_whole_shelf(within) or self._vectors(within) > _FEW:
            while asked <= _FEW:
                nearest = dict(copy.nearest(vector, asked))
                allowed = self._allowed(nearest, within)
                if len(allowed) >= count or len(nearest) < asked:
                    return {key: nearest[key] for key in allowed}
                asked *= 4
        return self._one_by_one(within, vector)

    def _one_by_one(self, within: Within, vector: Vectors) -> dict[int, float]:
        allowed, values = condition(within)
        found = self._connection.execute(
            f"select chunk.key, vector.data {_DATA} {allowed}",
            (self.embedder, *values),
        )
        return _compared(found.fetchall(), vector)

    def _vectors(self, within: Within) -> int:
        allowed, values = condition(within)
        return self._connection.execute(
            f"select count(*) {_DATA} {allowed}",
            (self.embedder, *values),
        ).fetchone()[0]

    def _allowed(self, keys: Iterable[int], within: Within) -> list[int]:
        allowed, values = condition(within)
        return [
            row[0]
            for some in portions(keys)
            # A cross join is taken in the order it is written: by key, not through all that the shelf holds.
            for row in self._connection.execute(
                "select chunk.key from chunk cross join document on document.key = chunk.document"  # noqa: S608
                f" where chunk.key in ({marks(some)}) and {allowed}",
                (*some, *values),
            )
        ]

    def _documents(self, within: Within) -> Keys:
        allowed, values = condition(within)
        found = self._connection.execute(f"select key from document where {allowed}", values)  # noqa: S608
        return np.fromiter((row[0] for row in found), np.int64)


def _compared(found: list[tuple[int, bytes]], vector: Vectors) -> dict[int, float]:
    if not found:
        return {}
    cosines = decoded([data for _, data in found]) @ vector
    return {key: float(cosine) for (key, _), cosine in zip(found, cosines, strict=True)}


def portions(keys: Iterable[int]) -> Iterable[tuple[int, ...]]:
    every = tuple(keys)
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))


def marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
