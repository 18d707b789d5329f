"""Writer: what changes documents in the index. A method is one transaction: a search sees what was before or after."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rag.chunk.label import label_tokens
from rag.index import lexical
from rag.index.catalogue import unreadable
from rag.model.chunk import Chunk
from rag.model.document import Document, Scope
from rag.model.status import Unreadable


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source's documents stand."""

    shelf: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class Known:
    """What the index holds of a document: its source's mark, and the digest of its text; None when it was left out."""

    mark: str
    digest: bytes | None


@contextmanager
def writing(connection: sqlite3.Connection) -> Generator[None]:
    """One transaction that tells every reader that the index is another one now."""
    connection.execute("begin immediate")
    try:
        yield
        connection.execute("update meta set value = value + 1 where name = 'generation'")
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


class Writer:
    """Held by the process that holds the writer's lock. Not for use by several threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def places(self) -> set[Place]:
        found = self._connection.execute(
            "select distinct shelf, scope from document union select shelf, scope from left_out"
        )
        return {Place(shelf, Scope(scope)) for shelf, scope in found}

    def known(self, place: Place) -> dict[str, Known]:
        found = self._connection.execute(
            "select id, mark, digest from document where shelf = ?1 and scope = ?2"
            " union all select id, mark, null from left_out where shelf = ?1 and scope = ?2",
            (place.shelf, place.scope),
        )
        return {id_: Known(mark, digest) for id_, mark, digest in found}

    def replace(self, document: Document, mark: str, digest: bytes, chunks: Sequence[Chunk]) -> None:
        """The document as it is now. A chunk whose text stays keeps its key and with it its vectors."""
        with writing(self._connection):
            self._connection.execute(
                "delete from left_out where shelf = ? and scope = ? and id = ?",
                (document.shelf, document.scope, document.id),
            )
            key, title = self._document(document, mark, digest)
            old = self._by_digest(key)
            for chunk in chunks:
                self._place(key, document, chunk, old, renamed=title != document.title)
            self._drop([left for keys in old.values() for left in keys])

    def touch(self, document: Document, mark: str) -> None:
        """The text is the same; where it is found, or what is said of it, may not be."""
        with writing(self._connection):
            self._connection.execute(
                "update document set uri = ?, kind = ?, tags = ?, updated_at = ?, label_tokens = ?, mark = ?"
                " where shelf = ? and scope = ? and id = ?",
                (*_facts(document), mark, document.shelf, document.scope, document.id),
            )

    def leave_out(self, place: Place, document_id: str, mark: str, reason: str) -> None:
        """Remember that this mark gave nothing to index, so that it is not read again before it moves."""
        with writing(self._connection):
            self._remove(place, [document_id])
            self._connection.execute(
                "insert into left_out (shelf, scope, id, mark, reason) values (?, ?, ?, ?, ?)",
                (place.shelf, place.scope, document_id, mark, reason),
            )

    def unreadable(self) -> tuple[Unreadable, ...]:
        return unreadable(self._connection)

    def remove(self, place: Place, document_ids: Iterable[str]) -> int:
        """How many of them the index held."""
        with writing(self._connection):
            return self._remove(place, document_ids)

    def _remove(self, place: Place, document_ids: Iterable[str]) -> int:
        removed = 0
        for document_id in document_ids:
            where = (place.shelf, place.scope, document_id)
            self._connection.execute("delete from left_out where shelf = ? and scope = ? and id = ?", where)
            found = self._connection.execute(
                "delete from document where shelf = ? and scope = ? and id = ? returning key", where
            ).fetchone()
            if found:
                removed += 1
                self._drop([key for keys in self._by_digest(found[0]).values() for key in keys])
        return removed

    def _document(self, document: Document, mark: str, digest: bytes) -> tuple[int, str]:
        """Its row's key, and the title it had before."""
        where = (document.shelf, document.scope, document.id)
        found = self._connection.execute(
            "select key, title from document where shelf = ? and scope = ? and id = ?", where
        ).fetchone()
        row = (document.title, *_facts(document), mark, digest)
        if found:
            self._connection.execute(
                "update document set title = ?, uri = ?, kind = ?, tags = ?, updated_at = ?, label_tokens = ?,"
                " mark = ?, digest = ? where key = ?",
                (*row, found[0]),
            )
            return found
        made = self._connection.execute(
            "insert into document (title, uri, kind, tags, updated_at, label_tokens, mark, digest, shelf, scope, id)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning key",
            (*row, *where),
        ).fetchone()
        return made[0], document.title

    def _by_digest(self, document: int) -> dict[bytes, list[int]]:
        found = self._connection.execute(
            "select digest, key from chunk where document = ? order by ordinal desc", (document,)
        )
        keys: dict[bytes, list[int]] = {}
        for digest, key in found:
            keys.setdefault(digest, []).append(key)
        return keys

    def _place(
        self, document_key: int, document: Document, chunk: Chunk, old: dict[bytes, list[int]], *, renamed: bool
    ) -> None:
        digest = bytes.fromhex(chunk.digest)
        row = (
            chunk.ordinal, json.dumps(chunk.crumb), chunk.text, chunk.first_line, chunk.last_line,
            chunk.tokens, chunk.lead.characters, chunk.lead.tokens,
        )  # fmt: skip
        if old.get(digest):
            key = old[digest].pop()
            self._connection.execute(
                "update chunk set ordinal = ?, crumb = ?, text = ?, first_line = ?, last_line = ?, tokens = ?,"
                " lead_characters = ?, lead_tokens = ? where key = ?",
                (*row, key),
            )
            if renamed:
                lexical.remove(self._connection, [key])
                lexical.add(self._connection, key, document, chunk)
            return
        key = self._connection.execute(
            "insert into chunk (ordinal, crumb, text, first_line, last_line, tokens, lead_characters, lead_tokens,"
            " document, digest) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning key",
            (*row, document_key, digest),
        ).fetchone()[0]
        lexical.add(self._connection, key, document, chunk)
        self._inherit(key, digest, document.shelf)

    def _inherit(self, key: int, digest: bytes, shelf: str) -> None:
        """The same text elsewhere has the same vectors."""
        self._connection.execute(
            "insert into vector (embedder, shelf, chunk, data)"
            " select vector.embedder, ?, ?, vector.data from chunk join vector on vector.chunk = chunk.key"
            " where chunk.digest = ? and chunk.key != ? group by vector.embedder",
            (shelf, key, digest, key),
        )

    def _drop(self, keys: Sequence[int]) -> None:
        lexical.remove(self._connection, keys)
        each = [(key,) for key in keys]
        self._connection.executemany(
            "insert or ignore into gone (shelf, chunk) select vector.shelf, vector.chunk from vector"
            " join copied on copied.shelf = vector.shelf and copied.embedder = vector.embedder where vector.chunk = ?",
            each,
        )
        self._connection.executemany("delete from vector where chunk = ?", each)
        self._connection.executemany("delete from chunk where key = ?", each)


def _facts(document: Document) -> tuple[str, str, str, str | None, int]:
    moment = document.updated_at.isoformat() if document.updated_at else None
    return document.uri, document.kind, json.dumps(document.tags), moment, label_tokens(document.uri, document.kind)
