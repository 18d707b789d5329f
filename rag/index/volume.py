"""Volume: one opened database of the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from rag.index.copies import Copies
from rag.index.folder import DATABASE
from rag.index.matrix import Matrices
from rag.index.snapshot import Snapshot
from rag.index.tables import connect

_NO_SUCH_TABLE = "no such table"


class Volume:
    """Views may be open in several threads at once, and stay good after `close`."""

    def __init__(self, path: Path, chroma: str = "") -> None:
        """`chroma` is a server's address; empty for a folder in this one."""
        self.path = path
        self.database = path / DATABASE
        self.copies = Copies(path, chroma)
        self._matrices = Matrices()
        self._lock = Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    @contextmanager
    def view(self) -> Generator[Snapshot]:
        """The index as it is now; what is written meanwhile is not seen."""
        connection = self._borrow()
        try:
            connection.execute("begin")
            yield Snapshot(connection, self._matrices, self.copies)
        finally:
            if connection.in_transaction:
                connection.execute("rollback")
            self._give_back(connection)

    @contextmanager
    def written(self) -> Generator[sqlite3.Connection]:
        """A connection that may write; only for the holder of the writer's lock."""
        connection = connect(self.database, reading=False)
        try:
            yield connection
        finally:
            connection.close()

    @property
    def is_there(self) -> bool:
        return self.database.is_file()

    @property
    def bytes(self) -> int:
        return sum(each.stat().st_size for each in self.path.rglob("*") if each.is_file())

    def close(self) -> None:
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for each in idle:
            each.close()
        self.copies.close()

    def _borrow(self) -> sqlite3.Connection:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return connect(self.database, reading=True)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()


def is_damage(error: sqlite3.Error) -> bool:
    """The file is cut, overwritten or not ours: nothing but a new one helps."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or _NO_SUCH_TABLE in str(error)
