"""Full-text search over the chunks: SQLite's FTS5."""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Iterable, Mapping

from rag.index.within import condition
from rag.model.chunk import Chunk
from rag.model.document import Document
from rag.model.query import Within

# What a link says describes the page that it leads to more than the one it stands on, so it counts for less.
_COLUMNS = {"title": 4.0, "crumb": 2.0, "prose": 1.0, "linked": 0.3, "path": 2.0}
CREATE = (f"create virtual table words using fts5 ({', '.join(_COLUMNS)}, tokenize = 'porter unicode61')",)

_LINK = re.compile(
    r"!?\[([^\[\]]{0,300})\](?:\(([^()]{0,1000})\)|\[[^\[\]]{0,300}\])|`([^`<>]{1,300})<([^`<>]{1,1000})>`_"
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SUFFIX = re.compile(r"\.[a-z]{1,5}\b")
_WEIGHTS = ", ".join(map(str, _COLUMNS.values()))
_FROM = (
    "from words join chunk on chunk.key = words.rowid join document on document.key = chunk.document"
    " where words match ? and "
)


def add(connection: sqlite3.Connection, key: int, document: Document, chunk: Chunk) -> None:
    linked = [" ".join(filter(None, found.groups())) for found in _LINK.finditer(chunk.text)]
    row = (
        document.title,
        " > ".join(chunk.crumb[bool(document.title) :]),
        _LINK.sub(" ", chunk.text),
        "\n".join(linked),
        _path(document),
    )
    connection.execute(
        "insert into words (rowid, title, crumb, prose, linked, path) values (?, ?, ?, ?, ?, ?)", (key, *row)
    )


def remove(connection: sqlite3.Connection, keys: Iterable[int]) -> None:
    connection.executemany("delete from words where rowid = ?", [(key,) for key in keys])


def matching(connection: sqlite3.Connection, match: str, within: Within, count: int) -> list[tuple[int, float]]:
    """FTS5 query to (key of chunk, score), best first; more is better."""
    allowed, values = condition(within)
    return connection.execute(
        f"select words.rowid, -bm25(words, {_WEIGHTS}) as score {_FROM} {allowed} order by score desc limit ?",
        (match, *values, count),
    ).fetchall()


def frequency(connection: sqlite3.Connection, match: str, within: Within, up_to: int) -> int:
    allowed, values = condition(within)
    return connection.execute(
        f"select count(*) from (select 1 {_FROM} {allowed} limit ?)",  # noqa: S608
        (match, *values, up_to),
    ).fetchone()[0]


def rarity(connection: sqlite3.Connection, matches: Mapping[str, str]) -> dict[str, float]:
    """Inverse frequency by name, over the whole index: what shelves a search sees does not change it."""
    chunks = connection.execute("select count(*) from chunk").fetchone()[0]
    holding = {
        name: connection.execute("select count(*) from words where words match ?", (match,)).fetchone()[0]
        for name, match in matches.items()
    }
    return {name: math.log(1 + (chunks - count + 0.5) / (count + 0.5)) for name, count in holding.items()}


def _path(document: Document) -> str:
    """The words of its id, `rotateKeys.md` as rotate Keys."""
    return _HUMP.sub(" ", _SUFFIX.sub(" ", document.id))
