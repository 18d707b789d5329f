"""The index of the shipped pages that is built with the wheel: with it, a first search needs no indexing."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from rag.index.tables import VERSION, create

NAME = f"v{VERSION}.sqlite"
SHIPPED = Path(__file__).parent / "prebuilt" / NAME
CHECKOUT = Path(__file__).resolve().parents[2] / ".cache" / "index" / NAME  # where `make index` puts it


def lender() -> Path | None:
    """The prebuilt index, if this is a wheel or a checkout that has one."""
    return next((path for path in (SHIPPED, CHECKOUT) if path.is_file()), None)


def fill(database: Path) -> None:
    """Begin a volume with what is prebuilt, or empty. Pages that have changed since are found out by their marks."""
    ready = lender()
    if ready is not None:
        shutil.copyfile(ready, database)
    else:
        fill_empty(database)


def fill_empty(database: Path) -> None:
    connection = sqlite3.connect(database, isolation_level=None)
    try:
        create(connection)
    finally:
        connection.close()
