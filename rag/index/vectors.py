"""Vectors in the index: what has none yet, putting them in, and moving from one embedder to another."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.embed.contract import Vectors
from rag.index.writer import writing
from rag.model.chunk import embedded_text

STORED = np.dtype("<f2")

_WITHOUT = "from chunk left join vector on vector.chunk = chunk.key and vector.embedder = ?1 where vector.seq is null"
_BORROW = """
insert or ignore into vector (embedder, shelf, chunk, data)
select ?1, document.shelf, chunk.key, theirs.data
from chunk join document on document.key = chunk.document
join other.chunk as twin on twin.digest = chunk.digest
join other.vector as theirs on theirs.chunk = twin.key
join other.embedder as their_embedder on their_embedder.key = theirs.embedder
join embedder as mine on mine.key = ?1 and mine.fingerprint = their_embedder.fingerprint
group by chunk.key
"""


@dataclass(frozen=True, slots=True)
class Unembedded:
    """A text without a vector; several chunks may share it."""

    digest: bytes
    text: str


class VectorWriter:
    """Vectors of one embedder. Held by the process that holds the writer's lock."""

    def __init__(self, connection: sqlite3.Connection, fingerprint: str, setting: str) -> None:
        """The index serves this embedder from now on if it served none before."""
        self._connection = connection
        known = connection.execute(
            "select key from embedder where fingerprint = ? and setting = ?", (fingerprint, setting)
        ).fetchone()
        self.key: int = known[0] if known else self._introduce(fingerprint, setting)

    def _introduce(self, fingerprint: str, setting: str) -> int:
        with writing(self._connection):
            key = self._connection.execute(
                "insert into embedder (fingerprint, setting) values (?1, ?2)"
                " on conflict (fingerprint) do update set setting = ?2 returning key",
                (fingerprint, setting),
            ).fetchone()[0]
            self._connection.execute("update meta set value = ? where name = 'serving' and value = 0", (key,))
        return key

    def missing(self) -> int:
        return self._connection.execute(f"select count(*) {_WITHOUT}", (self.key,)).fetchone()[0]

    def without(self, count: int) -> list[Unembedded]:
        """Texts without a vector, in the order they came, at most `count` of them."""
        found = self._connection.execute(
            f"select chunk.digest, chunk.crumb, chunk.text {_WITHOUT} order by chunk.key limit ?2",
            (self.key, count),
        )
        texts = {digest: embedded_text(json.loads(crumb), text) for digest, crumb, text in found}
        return [Unembedded(digest, text) for digest, text in texts.items()]

    def put(self, texts: Sequence[Unembedded], vectors: Vectors) -> None:
        rows = vectors.astype(STORED)
        with writing(self._connection):
            self._connection.executemany(
                "insert or ignore into vector (embedder, shelf, chunk, data)"
                " select ?1, document.shelf, chunk.key, ?3 from chunk join document on document.key = chunk.document"
                " where chunk.digest = ?2",
                [(self.key, each.digest, row.tobytes()) for each, row in zip(texts, rows, strict=True)],
            )

    def borrow(self, other: Path) -> int:
        """Take from another index what it has of these texts under the same embedder; how many."""
        self._connection.execute("attach database ? as other", (f"{other.absolute().as_uri()}?mode=ro",))
        try:
            with writing(self._connection):
                return self._connection.execute(_BORROW, (self.key,)).rowcount
        finally:
            self._connection.execute("detach database other")

    def serve(self) -> bool:
        """Let this embedder answer alone if every chunk has a vector of it; tells whether it does."""
        if self.missing():
            return False
        others = self._connection.execute("select count(*) from embedder where key != ?", (self.key,)).fetchone()[0]
        if others:
            with writing(self._connection):
                self._connection.execute("update meta set value = ? where name = 'serving'", (self.key,))
                for table, column in (("vector", "embedder"), ("copied", "embedder"), ("embedder", "key")):
                    self._connection.execute(f"delete from {table} where {column} != ?", (self.key,))  # noqa: S608
        return True
