"""Catalogue: what a volume holds, counted."""

from __future__ import annotations

import sqlite3

from rag.model.document import Scope
from rag.model.status import ShelfStatus, Unreadable

_COUNTED = """
select document.shelf, document.scope, count(distinct document.key), count(chunk.key), count(vector.seq)
from document left join chunk on chunk.document = document.key
left join vector on vector.chunk = chunk.key and vector.embedder = (select value from meta where name = 'serving')
group by document.shelf, document.scope order by document.shelf, document.scope
"""


_UNREADABLE = "select shelf, scope, id, reason from left_out where reason != '' order by shelf, scope, id"


def shelves(connection: sqlite3.Connection) -> tuple[ShelfStatus, ...]:
    return tuple(ShelfStatus(row[0], Scope(row[1]), *row[2:]) for row in connection.execute(_COUNTED))


def unreadable(connection: sqlite3.Connection) -> tuple[Unreadable, ...]:
    found = connection.execute(_UNREADABLE)
    return tuple(Unreadable(shelf, Scope(scope), id_, reason) for shelf, scope, id_, reason in found)
