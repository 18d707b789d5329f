"""Full-text search over the chunks: SQLite's FTS5."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from rag.index.within import condition
from rag.model.chunk import Chunk
from rag.model.query import Within

CREATE = ("create virtual table words using fts5 (title, crumb, body, tokenize = 'porter unicode61')",)

_FROM = (
    "from words join chunk on chunk.key = words.rowid join document on document.key = chunk.document"
    " where words match ? and "
)


def add(connection: sqlite3.Connection, key: int, title: str, chunk: Chunk) -> None:
    connection.execute(
        "insert into words (rowid, title, crumb, body) values (?, ?, ?, ?)",
        (key, title, " > ".join(chunk.crumb), chunk.text),
    )


def remove(connection: sqlite3.Connection, keys: Iterable[int]) -> None:
    connection.executemany("delete from words where rowid = ?", [(key,) for key in keys])


def matching(connection: sqlite3.Connection, match: str, within: Within, count: int) -> list[tuple[int, float]]:
    """FTS5 query to (key of chunk, score), best first; more is better."""
    allowed, values = condition(within)
    return connection.execute(
        f"select words.rowid, -bm25(words, 1, 4, 1) as score {_FROM} {allowed} order by score desc limit ?",
        (match, *values, count),
    ).fetchall()


def frequency(connection: sqlite3.Connection, match: str, within: Within, up_to: int) -> int:
    allowed, values = condition(within)
    return connection.execute(
        f"select count(*) from (select 1 {_FROM} {allowed} limit ?)",  # noqa: S608
        (match, *values, up_to),
    ).fetchone()[0]
