"""Copies: the vectors of large shelves in Chroma, read beside what it has not taken in yet.

SQLite is the truth. A copy answers for the vectors up to a number; those behind it are searched exactly. What it
still has of chunks that are gone, whoever searches drops, because SQLite does not know their keys.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from rag.embed.contract import Vectors
from rag.index.chroma import Chroma, ChromaFailed, in_folder, on_server

# So many vectors may have come since Chroma was opened before it is opened anew, which keeps 20 to 40 MB of the old one
# for good. Until then they are compared exactly, as any shelf of that size is.
_LONG_TAIL = 16_000
_AGAIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Copy:
    """A collection that holds every vector of its shelf up to `upto`."""

    chroma: Chroma
    name: str
    upto: int

    def nearest(self, vector: Vectors, count: int) -> list[tuple[int, float]]:
        return self.chroma.nearest(self.name, vector, count)


@dataclass
class _Opened:
    """A client, and up to where copies were when it was opened: it does not see what other processes write later."""

    chroma: Chroma
    edition: int
    copies: int
    upto: dict[tuple[str, int], int]


class Copies:
    """Of one volume. Safe to use from several threads."""

    def __init__(self, volume: Path, address: str) -> None:
        self.address = address
        self.trouble = ""
        self.volume = volume
        self._lock = Lock()
        self._opened: _Opened | None = None
        self._checked: tuple[int, int] | None = None
        self._again_at = 0.0

    def of(self, shelf: str, embedder: int, connection: sqlite3.Connection) -> Copy | None:
        """The copy to search; None when the shelf has none or Chroma fails, and all of it is searched exactly."""
        known = uptos(connection)
        upto = known.get((shelf, embedder), 0)
        if not upto or time.monotonic() < self._again_at:
            return None
        try:
            with self._lock:
                opened = self._reader(shelf, embedder, connection)
        except ChromaFailed as error:
            self.failed(error)
            return None
        reached = upto if self.address else min(upto, opened.upto.get((shelf, embedder), 0))
        return Copy(opened.chroma, self.name(shelf, embedder, connection), reached) if reached else None

    def failed(self, error: ChromaFailed) -> None:
        """Leave Chroma alone for a while, and let the next writer look into it."""
        self.close()
        self._checked = None
        self._again_at = time.monotonic() + _AGAIN_SECONDS
        self.trouble = str(error)

    def to_write(self, connection: sqlite3.Connection) -> Chroma:
        """A client that sees all that was ever written. Raises `ChromaFailed`. Only under the writer's lock."""
        with self._lock:
            opened = self._opened
            if opened is None or (opened.edition, opened.copies) != _edition(connection):
                opened = self._open(connection)
            return opened.chroma

    def is_checked(self, connection: sqlite3.Connection) -> bool:
        """This process has seen that Chroma holds what the index says it does."""
        return self._checked == _edition(connection)

    def written(self, connection: sqlite3.Connection) -> None:
        """What the index says of its copies now is in reach of the client that wrote and counted them."""
        self._checked = _edition(connection)
        with self._lock:
            if self._opened is not None:
                self._opened.edition, self._opened.copies = _edition(connection)
                self._opened.upto = uptos(connection)
        self.trouble = ""
        self._again_at = 0.0

    def name(self, shelf: str, embedder: int, connection: sqlite3.Connection) -> str:
        fingerprint = connection.execute("select fingerprint from embedder where key = ?", (embedder,)).fetchone()[0]
        edition = _edition(connection)[0]
        return f"{self.prefix}{edition}-{hashlib.sha256(shelf.encode()).hexdigest()[:16]}-{fingerprint}"

    @property
    def prefix(self) -> str:
        """Of the names of this volume's collections: several homes may share a server."""
        return f"groundplan-{self.volume.name}-"

    def forget(self) -> None:
        """A server is to keep nothing of a volume that another has replaced, if it can be told now."""
        if not self.address:
            return
        with suppress(ChromaFailed):
            chroma = on_server(self.address)
            for name in chroma.names():
                if name.startswith(self.prefix):
                    chroma.drop(name)
            chroma.close()

    def close(self) -> None:
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            with suppress(ChromaFailed):
                opened.chroma.close()

    def _reader(self, shelf: str, embedder: int, connection: sqlite3.Connection) -> _Opened:
        opened = self._opened
        edition, copies = _edition(connection)
        if opened is None or opened.edition != edition:
            return self._open(connection)
        if not self.address and opened.copies != copies:
            behind = opened.upto.get((shelf, embedder), 0)
            if _tail(shelf, embedder, behind, connection) > _LONG_TAIL:
                return self._open(connection)
        return opened

    def _open(self, connection: sqlite3.Connection) -> _Opened:
        """Knows as much of the copies as the connection sees, which is no more than there is."""
        old, self._opened = self._opened, None
        if old is not None:
            old.chroma.close()
        edition, copies = _edition(connection)
        chroma = on_server(self.address) if self.address else in_folder(folder(self.volume, edition))
        self._opened = _Opened(chroma, edition, copies, uptos(connection))
        return self._opened


def folder(volume: Path, edition: int) -> Path:
    """A damaged folder is not mended: the next edition is derived anew beside it."""
    return volume / f"chroma-{edition}"


def uptos(connection: sqlite3.Connection) -> dict[tuple[str, int], int]:
    found = connection.execute("select shelf, embedder, upto from copied")
    return {(shelf, embedder): upto for shelf, embedder, upto in found}


def _edition(connection: sqlite3.Connection) -> tuple[int, int]:
    meta = dict(connection.execute("select name, value from meta where name in ('edition', 'copies')"))
    return meta["edition"], meta["copies"]


def _tail(shelf: str, embedder: int, behind: int, connection: sqlite3.Connection) -> int:
    return connection.execute(
        "select count(*) from vector where shelf = ? and embedder = ? and seq > ?", (shelf, embedder, behind)
    ).fetchone()[0]
