"""Tags: what the documents of an index are tagged with, for a person who types one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from rag.index.folder import DATABASE, IndexFolder
from rag.index.tables import connect
from rag.index.within import condition
from rag.model.query import Within

_COUNTED = "select value, count(*) from document, json_each(document.tags) where {} group by value order by 2 desc, 1"


def tags_in(folder: Path, shelves: Sequence[str]) -> list[tuple[str, int]]:
    """Each with how many documents have it, most of them first; none where there is no index. Loads no model.

    Raises `sqlite3.Error` where the index can't be read.
    """
    volume = IndexFolder(folder).current()
    if volume is None or not (volume / DATABASE).is_file():
        return []
    where, values = condition(Within(shelves=tuple(shelves)))
    with closing(connect(volume / DATABASE, reading=True)) as connection:
        return connection.execute(_COUNTED.format(where), values).fetchall()
