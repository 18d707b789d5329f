"""Vectors of a shelf in memory, searched exactly."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from rag.embed.contract import Vectors
from rag.index.vectors import STORED

_ROWS_KEPT = 40_000  # over all shelves: 60 MB at 384 dimensions

Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Part:
    """Which vectors: of one shelf and embedder, behind the number up to which a copy in Chroma answers for them."""

    shelf: str
    embedder: int
    behind: int = 0


@dataclass(frozen=True, slots=True)
class Matrix:
    """Parallel rows, as of one generation of the index. Never changed, so that any number of threads may search it."""

    generation: int
    seqs: Keys
    keys: Keys
    documents: Keys
    rows: Vectors

    def nearest(self, vector: Vectors, count: int, documents: Keys | None) -> list[tuple[int, float]]:
        """Keys and cosines, best first, of these documents alone."""
        if not len(self.keys):
            return []
        cosines = self.rows @ vector
        if documents is not None:
            cosines = np.where(np.isin(self.documents, documents), cosines, -np.inf)
        best = np.argpartition(-cosines, count)[:count] if count < len(cosines) else np.arange(len(cosines))
        best = best[np.lexsort((self.keys[best], -cosines[best]))]
        return [(int(self.keys[at]), float(cosines[at])) for at in best if np.isfinite(cosines[at])]


class Matrices:
    """The matrices last used, brought up to date by what came and went since. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Part, Matrix] = OrderedDict()

    def of(self, part: Part, generation: int, connection: sqlite3.Connection) -> Matrix:
        """As of this generation, which is what the connection sees."""
        with self._lock:
            known = self._kept.get(part)
        if known is not None and known.generation == generation:
            return known
        # What another thread saw later may hold what this one must not see: then it is read anew and not kept.
        newer = known is not None and known.generation > generation
        matrix = _updated(part, None if newer else known, generation, connection)
        if not newer:
            self._keep(part, matrix)
        return matrix

    def _keep(self, part: Part, matrix: Matrix) -> None:
        with self._lock:
            for other in [each for each in self._kept if each.shelf == part.shelf and each != part]:
                del self._kept[other]
            self._kept[part] = matrix
            self._kept.move_to_end(part)
            rows = sum(len(each.keys) for each in self._kept.values())
            while rows > _ROWS_KEPT and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                rows -= len(dropped.keys)


def _updated(part: Part, known: Matrix | None, generation: int, connection: sqlite3.Connection) -> Matrix:
    matrix = _grown(part, known, generation, connection)
    where = (part.shelf, part.embedder, part.behind)
    count = connection.execute(f"select count(*) {_OF_PART}", where).fetchone()[0]
    if count == len(matrix.keys):
        return matrix
    left = np.fromiter((row[0] for row in connection.execute(f"select seq {_OF_PART}", where)), np.int64, count)
    stay = np.isin(matrix.seqs, left)
    return Matrix(generation, matrix.seqs[stay], matrix.keys[stay], matrix.documents[stay], matrix.rows[stay])


def _grown(part: Part, known: Matrix | None, generation: int, connection: sqlite3.Connection) -> Matrix:
    last = int(known.seqs[-1]) if known is not None and len(known.seqs) else part.behind
    found = connection.execute(
        "select vector.seq, vector.chunk, chunk.document, vector.data"
        " from vector indexed by vector_of_shelf join chunk on chunk.key = vector.chunk"
        " where vector.shelf = ? and vector.embedder = ? and vector.seq > ? order by vector.seq",
        (part.shelf, part.embedder, last),
    ).fetchall()
    if known is not None and not found:
        return Matrix(generation, known.seqs, known.keys, known.documents, known.rows)
    new = Matrix(
        generation, _column(found, 0), _column(found, 1), _column(found, 2), decoded([row[3] for row in found])
    )
    if known is None or not len(known.keys):
        return new
    return Matrix(
        generation,
        np.concatenate((known.seqs, new.seqs)),
        np.concatenate((known.keys, new.keys)),
        np.concatenate((known.documents, new.documents)),
        np.concatenate((known.rows, new.rows)),
    )


def decoded(stored: list[bytes]) -> Vectors:
    """Shape `(len(stored), dimensions)`."""
    if not stored:
        return np.empty((0, 0), np.float32)
    return np.frombuffer(b"".join(stored), STORED).reshape(len(stored), -1).astype(np.float32)


def _column(rows: list[tuple[int, ...]], place: int) -> Keys:
    return np.fromiter((row[place] for row in rows), np.int64, len(rows))


_OF_PART = "from vector where shelf = ? and embedder = ? and seq > ?"
