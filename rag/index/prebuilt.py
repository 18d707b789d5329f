"""The index of the shipped pages that is built with the wheel: with it, a first search needs no indexing."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from rag.index.tables import VERSION, create

PATH = Path(__file__).parent / "prebuilt" / f"v{VERSION}.sqlite"


def fill(database: Path) -> None:
    """Begin a volume with the shipped index, or with an empty one in a checkout that has none."""
    if PATH.is_file():
        shutil.copyfile(PATH, database)
    else:
        fill_empty(database)


def fill_empty(database: Path) -> None:
    connection = sqlite3.connect(database, isolation_level=None)
    try:
        create(connection)
    finally:
        connection.close()
