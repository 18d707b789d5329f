"""Copying: bringing Chroma up to what SQLite holds. What it can't be brought to is thrown away and derived anew."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass

from rag.index.chroma import AT_ONCE, Chroma, ChromaFailed
from rag.index.copies import Copies, folder, uptos
from rag.index.intake import Report
from rag.index.matrix import decoded
from rag.index.writer import writing
from rag.model.status import Phase, Progress


@dataclass(frozen=True, slots=True)
class _Part:
    """A shelf's vectors of one embedder: the one that answers, or the one that the index moves to."""

    shelf: str
    embedder: int
    vectors: int


class Copying:
    """For the holder of the writer's lock. A shelf of at most `exact_up_to` vectors has no copy in a folder."""

    def __init__(self, connection: sqlite3.Connection, copies: Copies, exact_up_to: int, report: Report) -> None:
        self._connection = connection
        self._copies = copies
        self._exact_up_to = 0 if copies.address else exact_up_to
        self._report = report

    def run(self) -> None:
        """Raises `ChromaFailed` when a server does not answer; searches do without it then."""
        known = uptos(self._connection)
        parts = self._large(known)
        unwanted = known.keys() - {(each.shelf, each.embedder) for each in parts}
        if not (unwanted or parts) or (not unwanted and self._is_up_to_date(parts, known)):
            return
        try:
            self._copy(parts)
        except ChromaFailed as error:
            if self._copies.address and not error.is_wrong:
                raise
            self._begin_edition()
            self._copy(parts)
        self._copies.written(self._connection)

    def _large(self, known: dict[tuple[str, int], int]) -> list[_Part]:
        """A copy goes when its shelf is half of what is searched exactly: not at every document more or less."""
        found = self._connection.execute("select shelf, embedder, count(*) from vector group by shelf, embedder")
        return [
            _Part(shelf, embedder, count)
            for shelf, embedder, count in found
            if count > self._exact_up_to / (2 if (shelf, embedder) in known else 1)
        ]

    def _is_up_to_date(self, parts: list[_Part], known: dict[tuple[str, int], int]) -> bool:
        return self._copies.is_checked(self._connection) and not any(
            (each.shelf, each.embedder) not in known or self._gone(each.shelf) or self._tail(each, 1) for each in parts
        )

    def _copy(self, parts: list[_Part]) -> None:
        chroma = self._copies.to_write(self._connection)
        wanted = [self._copies.name(each.shelf, each.embedder, self._connection) for each in parts]
        for name in chroma.names() - set(wanted):
            if name.startswith(self._copies.prefix):
                chroma.drop(name)
        self._keep(parts)
        gone = {each.shelf: self._gone(each.shelf) for each in parts}
        total, done = sum(each.vectors for each in parts), 0
        for part, name in zip(parts, wanted, strict=True):
            chroma.make(name)
            for start in range(0, len(gone[part.shelf]), AT_ONCE):
                chroma.remove(name, gone[part.shelf][start : start + AT_ONCE])
            while rows := self._tail(part, AT_ONCE):
                chroma.put(name, [key for _, key, _ in rows], decoded([data for *_, data in rows]))
                self._reached(part, rows[-1][0])
                self._report(Progress(Phase.COPYING, min(done + len(rows), total), total))
            done += part.vectors
            self._check(chroma, name, part)
        with writing(self._connection):
            self._connection.execute("delete from gone")

    def _keep(self, parts: list[_Part]) -> None:
        """From now on what goes is noted for these, before the first of their vectors is in Chroma."""
        keep = [(each.shelf, each.embedder) for each in parts]
        with writing(self._connection):
            for shelf, embedder in uptos(self._connection).keys() - set(keep):
                self._connection.execute("delete from copied where shelf = ? and embedder = ?", (shelf, embedder))
            self._connection.executemany("insert or ignore into copied (shelf, embedder, upto) values (?, ?, 0)", keep)
            self._connection.execute("update meta set value = value + 1 where name = 'copies'")

    def _reached(self, part: _Part, seq: int) -> None:
        with writing(self._connection):
            self._connection.execute(
                "update copied set upto = ? where shelf = ? and embedder = ?", (seq, part.shelf, part.embedder)
            )
            self._connection.execute("update meta set value = value + 1 where name = 'copies'")

    def _tail(self, part: _Part, count: int) -> list[tuple[int, int, bytes]]:
        upto = uptos(self._connection).get((part.shelf, part.embedder), 0)
        return self._connection.execute(
            "select seq, chunk, data from vector indexed by vector_of_shelf"
            " where shelf = ? and embedder = ? and seq > ? order by seq limit ?",
            (part.shelf, part.embedder, upto, count),
        ).fetchall()

    def _gone(self, shelf: str) -> list[int]:
        return [row[0] for row in self._connection.execute("select chunk from gone where shelf = ?", (shelf,))]

    def _check(self, chroma: Chroma, name: str, part: _Part) -> None:
        held = chroma.count(name)
        if held != part.vectors:
            raise ChromaFailed(f"Chroma holds {held:,} of {part.vectors:,} vectors.", is_wrong=True)
        first = self._connection.execute(
            "select data from vector where shelf = ? and embedder = ? limit 1", (part.shelf, part.embedder)
        ).fetchone()
        chroma.nearest(name, decoded([first[0]])[0], 1)

    def _begin_edition(self) -> None:
        self._copies.close()
        with writing(self._connection):
            self._connection.execute("delete from copied")
            self._connection.execute("delete from gone")
            old = self._connection.execute("select value from meta where name = 'edition'").fetchone()[0]
            self._connection.execute("update meta set value = value + 1 where name in ('edition', 'copies')")
        shutil.rmtree(folder(self._copies.volume, old), ignore_errors=True)
