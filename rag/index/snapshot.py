"""Snapshot: the index as one search sees it, from its first question to its last."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np

from rag.embed.contract import Vectors
from rag.index import catalogue, lexical
from rag.index.matrix import Keys, Matrices, Part, decoded
from rag.index.within import condition, is_whole_shelf
from rag.model.chunk import Chunk
from rag.model.document import Scope
from rag.model.found import StoredChunk
from rag.model.query import Within
from rag.model.status import ShelfStatus, Unreadable

_AT_ONCE = 500  # parameters of one statement; SQLite allows 32,766

_CHUNK = """
select chunk.key, chunk.document, document.id, document.uri, document.title, document.shelf, document.scope,
  document.kind, document.tags, document.updated_at,
  chunk.ordinal, chunk.crumb, chunk.text, chunk.first_line, chunk.last_line, chunk.tokens
from chunk join document on document.key = chunk.document where chunk.key in ({})
"""


class Snapshot:
    """A `Store` over one read transaction of the connection. For one thread."""

    def __init__(self, connection: sqlite3.Connection, matrices: Matrices) -> None:
        self._connection = connection
        self._matrices = matrices
        meta = dict(connection.execute("select name, value from meta"))
        self.generation: int = meta["generation"]
        self.embedder: int = meta["serving"]

    @cached_property
    def serving(self) -> tuple[str, str]:
        """Fingerprint and setting of the embedder whose vectors answer; empty when there are none."""
        found = self._connection.execute(
            "select fingerprint, setting from embedder where key = ?", (self.embedder,)
        ).fetchone()
        return found or ("", "")

    def lexical(self, match: str, within: Within, count: int) -> Sequence[tuple[int, float]]:
        return lexical.matching(self._connection, match, within, count)

    def frequency(self, match: str, within: Within, up_to: int) -> int:
        return lexical.frequency(self._connection, match, within, up_to)

    def dense(self, vector: Vectors, within: Within, count: int) -> Sequence[tuple[int, float]]:
        documents = None if is_whole_shelf(within) else self._documents(within)
        found = [pair for shelf in within.shelves for pair in self._nearest(shelf, vector, count, documents)]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:count]

    def cosines(self, vector: Vectors, keys: Iterable[int]) -> Mapping[int, float]:
        found: list[tuple[int, bytes]] = []
        for some in _portions(keys):
            found += self._connection.execute(
                f"select chunk, data from vector where embedder = ? and chunk in ({_marks(some)})",  # noqa: S608
                (self.embedder, *some),
            )
        if not found:
            return {}
        cosines = decoded([data for _, data in found]) @ vector
        return {key: float(cosine) for (key, _), cosine in zip(found, cosines, strict=True)}

    def chunks(self, keys: Iterable[int]) -> Mapping[int, StoredChunk]:
        return {
            row[0]: _stored(row)
            for some in _portions(keys)
            for row in self._connection.execute(_CHUNK.format(_marks(some)), some)
        }

    def size(self, within: Within) -> int:
        allowed, values = condition(within)
        return self._connection.execute(
            f"select count(*) from document join chunk on chunk.document = document.key where {allowed}",  # noqa: S608
            values,
        ).fetchone()[0]

    def shelves(self) -> tuple[ShelfStatus, ...]:
        return catalogue.shelves(self._connection)

    def unreadable(self) -> tuple[Unreadable, ...]:
        return catalogue.unreadable(self._connection)

    def unfinished(self, within: Within) -> str:
        """What a reader should know of a shelf whose indexing goes on; empty when it is done."""
        chunks = self.size(Within(within.shelves))
        marks = _marks(within.shelves)
        vectors = self._connection.execute(
            f"select count(*) from vector where shelf in ({marks}) and embedder = ?",  # noqa: S608
            (*within.shelves, self.embedder),
        ).fetchone()[0]
        if vectors >= chunks:
            return ""
        return f"Indexing goes on: {chunks - vectors:,} of {chunks:,} passages are found by their words only as yet."

    def _nearest(self, shelf: str, vector: Vectors, count: int, documents: Keys | None) -> Sequence[tuple[int, float]]:
        matrix = self._matrices.of(Part(shelf, self.embedder), self.generation, self._connection)
        return matrix.nearest(vector, count, documents)

    def _documents(self, within: Within) -> Keys:
        allowed, values = condition(within)
        found = self._connection.execute(f"select key from document where {allowed}", values)  # noqa: S608
        return np.fromiter((row[0] for row in found), np.int64)


def _stored(row: tuple[Any, ...]) -> StoredChunk:
    key, document, id_, uri, title, shelf, scope, kind, tags, updated_at, *chunk = row
    ordinal, crumb, *rest = chunk
    return StoredChunk(
        key, document, id_, uri, title, shelf, Scope(scope), kind, tuple(json.loads(tags)),
        datetime.fromisoformat(updated_at) if updated_at else None,
        Chunk(ordinal, tuple(json.loads(crumb)), *rest),
    )  # fmt: skip


def _portions(keys: Iterable[int]) -> Iterable[tuple[int, ...]]:
    every = tuple(keys)
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
