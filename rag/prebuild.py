"""Building the index that ships: `python -m rag.prebuild [FOLDER]`. What an earlier one holds is taken over."""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from pathlib import Path

from rag.embed.minilm import MiniLM
from rag.index import prebuilt
from rag.index.shelving import Shelving
from rag.model.errors import LibraryError
from rag.model.options import LibraryOptions
from rag.model.status import Phase, Progress, RefreshReport
from rag.sources.bundled import BundledPages


def build(folder: Path) -> RefreshReport:
    """Write the index of the shipped pages there, whole or not at all, and leave no other.

    Raises `LibraryError` when a page can't be read, or the model can't be loaded.
    """
    embedder = MiniLM()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="groundplan-index-") as name:
        shelving = Shelving(Path(name), LibraryOptions(), lambda: (BundledPages(),), lambda: embedder)
        try:
            report = shelving.refresh(_told)
            if report.unreadable or report.without_vectors:
                reasons = [report.without_vectors, *(f"{each.id}: {each.reason}" for each in report.unreadable)]
                raise LibraryError(f"The shipped pages can't be indexed: {' '.join(filter(None, reasons))}")
            _copy(shelving.database, folder / prebuilt.NAME)
        finally:
            shelving.close()
    return report


def _copy(database: Path, target: Path) -> None:
    """As one file without a log, which can be read where nothing may be written."""
    new = target.with_suffix(f".{os.getpid()}")
    connection = sqlite3.connect(database)
    try:
        connection.execute("vacuum into ?", (str(new),))
    finally:
        connection.close()
    new.replace(target)
    for other in set(target.parent.glob("*.sqlite")) - {target}:
        other.unlink()  # of another recipe


def _told(progress: Progress) -> None:
    if progress.phase is Phase.EMBEDDING and sys.stderr.isatty():
        sys.stderr.write(f"\rEmbedding the shipped pages: {progress.done} of {progress.total} …")


def main() -> None:
    report = build(Path(sys.argv[1]) if len(sys.argv) > 1 else prebuilt.CHECKOUT)
    sys.stdout.write(f"{report.embedded} passages of the shipped pages embedded, the rest was there.\n")


if __name__ == "__main__":
    main()
