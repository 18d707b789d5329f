"""What an index holds, without the numbers that differ from one to the next: equal indexes have equal contents."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from rag.index import lexical
from rag.index.chroma import in_folder
from rag.index.folder import IndexFolder
from rag.model.query import Within

Row = tuple[object, ...]


def contents(folder: Path, word: str) -> dict[str, list[Row]]:
    """Documents, their chunks in order with their vectors, and which of them full-text search finds by `word`."""
    connection = sqlite3.connect(database(folder))
    try:
        documents = connection.execute(
            "select shelf, scope, id, uri, title, kind, tags, updated_at, mark, digest from document order by 1, 2, 3"
        ).fetchall()
        chunks = connection.execute(
            "select document.shelf, document.scope, document.id, chunk.ordinal, chunk.crumb, chunk.text,"
            " chunk.first_line, chunk.last_line, chunk.tokens, chunk.digest, embedder.fingerprint, vector.shelf,"
            " vector.data from chunk join document on document.key = chunk.document"
            " left join vector on vector.chunk = chunk.key left join embedder on embedder.key = vector.embedder"
            " order by 1, 2, 3, 4, embedder.fingerprint"
        ).fetchall()
        shelves = tuple({row[0] for row in documents})
        keys = [key for key, _ in lexical.matching(connection, f'"{word}"', Within(shelves), 100_000)]
        worded = [
            connection.execute(
                "select shelf, scope, id, ordinal from chunk join document on document.key = document where chunk.key = ?",
                (key,),
            ).fetchone()
            for key in keys
        ]
        return {"documents": documents, "chunks": chunks, "by word": sorted(worded)}
    finally:
        connection.close()


def flaws(folder: Path) -> list[str]:
    """What must not be in any index, however its writer ended."""
    connection = sqlite3.connect(database(folder))
    try:
        found = [row[0] for row in connection.execute("pragma integrity_check") if row[0] != "ok"]
        for flaw, query in {
            "chunk without a document": "select key from chunk where document not in (select key from document)",
            "vector without a chunk": "select seq from vector where chunk not in (select key from chunk)",
            "vector on another shelf": "select seq from vector join chunk on chunk.key = vector.chunk"
            " join document on document.key = chunk.document where vector.shelf != document.shelf",
            "chunk twice": "select document from chunk group by document, ordinal having count(*) > 1",
            "gap in a document": "select document from chunk group by document having count(*) != max(ordinal) + 1",
        }.items():
            found += [f"{flaw}: {row[0]}" for row in connection.execute(query)]
        return found
    finally:
        connection.close()


def not_alike(folder: Path) -> dict[str, tuple[int, int]]:
    """Collections in Chroma whose keys are not those of SQLite's vectors: how many lack, how many are too many.

    For an index of one shelf.
    """
    connection = sqlite3.connect(database(folder))
    try:
        edition = connection.execute("select value from meta where name = 'edition'").fetchone()[0]
        keys = {row[0] for row in connection.execute("select chunk from vector")}
    finally:
        connection.close()
    chroma = in_folder(database(folder).parent / f"chroma-{edition}")
    try:
        held = {name: chroma.keys(name) for name in chroma.names()}
    finally:
        chroma.close()
    return {name: (len(keys - each), len(each - keys)) for name, each in held.items() if each != keys}


def database(folder: Path) -> Path:
    volume = IndexFolder(folder).current()
    assert volume is not None
    return volume / "index.sqlite"
