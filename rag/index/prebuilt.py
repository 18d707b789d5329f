"""The index of the shipped pages that is built with the wheel: with it, a first search needs no indexing."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from rag.index.recipe import RECIPE
from rag.index.tables import create

NAME = f"{RECIPE}.sqlite"
SHIPPED = Path(__file__).parent / "prebuilt"
CHECKOUT = Path(__file__).resolve().parents[2] / ".cache" / "index"  # where `make index` puts it


def fill(database: Path) -> None:
    """Begin a volume with what is prebuilt, or empty. Pages that have changed since are found out by their marks."""
    ready = next((folder / NAME for folder in (SHIPPED, CHECKOUT) if (folder / NAME).is_file()), None)
    if ready is None:
        fill_empty(database)
        return
    shutil.copyfile(ready, database)
    with _opened(database) as connection:
        connection.execute("pragma journal_mode = wal")


def fill_empty(database: Path) -> None:
    with _opened(database) as connection:
        create(connection)


@contextmanager
def _opened(database: Path) -> Generator[sqlite3.Connection]:
    connection = sqlite3.connect(database, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def lenders() -> list[Path]:
    """Prebuilt indexes of this recipe or of another: equal texts have equal vectors."""
    return [file for folder in (SHIPPED, CHECKOUT) for file in sorted(folder.glob("*.sqlite"))]
