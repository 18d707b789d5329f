"""Snapshot: the index as one search sees it, from its first question to its last."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rag.embed.contract import Vectors
from rag.index import catalogue, lexical
from rag.index.copies import Copies
from rag.index.dense import Dense, marks, portions
from rag.index.matrix import Matrices
from rag.index.within import condition
from rag.model.chunk import Chunk, Lead
from rag.model.document import Scope
from rag.model.found import StoredChunk
from rag.model.query import Within
from rag.model.status import ShelfStatus, Unreadable

_CHUNK = """
select chunk.key, chunk.document, document.id, document.uri, document.title, document.shelf, document.scope,
  document.kind, document.tags, document.updated_at, document.label_tokens,
  chunk.ordinal, chunk.crumb, chunk.text, chunk.first_line, chunk.last_line, chunk.tokens,
  chunk.lead_characters, chunk.lead_tokens
from chunk join document on document.key = chunk.document where chunk.key in ({})
"""


class Snapshot:
    """A `Store` over one read transaction of the connection. For one thread."""

    def __init__(self, connection: sqlite3.Connection, matrices: Matrices, copies: Copies) -> None:
        self._connection = connection
        self._dense = Dense(connection, matrices, copies)
        self.generation = self._dense.generation
        self.fingerprint, self.setting = self._serving()

    def lexical(self, match: str, within: Within, count: int) -> Sequence[tuple[int, float]]:
        return lexical.matching(self._connection, match, within, count)

    def frequency(self, match: str, within: Within, up_to: int) -> int:
        return lexical.frequency(self._connection, match, within, up_to)

    def dense(self, vector: Vectors, within: Within, count: int) -> Sequence[tuple[int, float]]:
        return self._dense.nearest(vector, within, count)

    def cosines(self, vector: Vectors, keys: Iterable[int]) -> Mapping[int, float]:
        return self._dense.cosines(vector, keys)

    def chunks(self, keys: Iterable[int]) -> Mapping[int, StoredChunk]:
        return {
            row[0]: _stored(row)
            for some in portions(keys)
            for row in self._connection.execute(_CHUNK.format(marks(some)), some)
        }

    def rarity(self, matches: Mapping[str, str]) -> Mapping[str, float]:
        return lexical.rarity(self._connection, matches)

    def size(self, within: Within) -> int:
        allowed, values = condition(within)
        return self._connection.execute(
            f"select count(*) from document join chunk on chunk.document = document.key where {allowed}",  # noqa: S608
            values,
        ).fetchone()[0]

    def without_vectors(self, shelves: Sequence[str]) -> int:
        """How many chunks of these shelves are found by their words alone as yet."""
        vectors = self._connection.execute(
            f"select count(*) from vector where shelf in ({marks(shelves)}) and embedder = ?",  # noqa: S608
            (*shelves, self._dense.embedder),
        ).fetchone()[0]
        return self.size(Within(tuple(shelves))) - vectors

    def shelves(self) -> tuple[ShelfStatus, ...]:
        return catalogue.shelves(self._connection)

    def unreadable(self) -> tuple[Unreadable, ...]:
        return catalogue.unreadable(self._connection)

    def _serving(self) -> tuple[str, str]:
        """Of the embedder whose vectors answer; empty when there are none."""
        found = self._connection.execute(
            "select fingerprint, setting from embedder where key = ?", (self._dense.embedder,)
        ).fetchone()
        return found or ("", "")


def _stored(row: tuple[Any, ...]) -> StoredChunk:
    key, document, id_, uri, title, shelf, scope, kind, tags, updated_at, label_tokens, *chunk = row
    ordinal, crumb, text, first_line, last_line, tokens, *lead = chunk
    return StoredChunk(
        key, document, id_, uri, title, shelf, Scope(scope), kind, tuple(json.loads(tags)),
        datetime.fromisoformat(updated_at) if updated_at else None, label_tokens,
        Chunk(ordinal, tuple(json.loads(crumb)), text, first_line, last_line, tokens, Lead(*lead)),
    )  # fmt: skip
