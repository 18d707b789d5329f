"""Shelves: what the index reads: the pages that ship, and of each workspace its files and its history."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine.indexing import embedder_key, index_settings
from engine.model.workspace import Workspace
from rag.library import Library
from rag.model.document import KNOWLEDGE_SHELF, Document, Scope
from rag.model.errors import LibraryError
from rag.model.options import LibraryOptions
from rag.model.source import Source
from rag.sources.bundled import BundledPages
from rag.sources.files import WorkspaceFiles
from server.added import AddedPaths
from server.narrative import HistorySource
from server.render.outage import outage

if TYPE_CHECKING:
    # For its weight, not for a cycle: the office opens the engine when a source first needs it.
    from engine.facade import Engine


class Shelves:
    """One home's. The shipped pages need no engine; an archived workspace has no shelf."""

    def __init__(self, home: Path, environment: Mapping[str, str], engine: Callable[[], Engine]) -> None:
        self._home = home
        self._environment = environment
        self._engine = engine
        self._added = AddedPaths(home)

    def open(self) -> Library:
        """Raises `ManifestInvalid` and `AuthFailed` for settings of the index that can't be meant or used."""
        read_at = time.time()
        settings = index_settings(self._home, self._environment)
        options = LibraryOptions(
            embedder=settings.embedder, embedder_url=settings.embedder_url,
            embedder_key=embedder_key(settings, self._home, self._environment), download=settings.download,
            threads=settings.threads, chroma=settings.chroma, rerank=settings.rerank, read_at=read_at,
        )  # fmt: skip
        return Library(self._home / "index", options, self.sources)

    def sources(self) -> Iterator[Source]:
        """The shipped pages, then the rest. Raises `LibraryError` between them when the engine can't be opened."""
        yield BundledPages()
        try:
            found = [source for each in self._engine().workspaces() for source in self._of(each)]
        except Exception as error:
            # A database that went away after it was opened speaks in its driver's own words.
            raise LibraryError(outage(error)) from error
        yield from found

    def page(self, path: str) -> Document | None:
        """A shipped page, without an index."""
        pages = BundledPages()
        return pages.read(path) if path in pages.marks() else None

    def paths(self, shelf: str, scope: Scope) -> list[str]:
        """The ids of a shelf's documents, in order."""
        sources = (BundledPages(),) if shelf == KNOWLEDGE_SHELF else self.sources()
        return sorted(path for each in sources if (each.shelf, each.scope) == (shelf, scope) for path in each.marks())

    def _of(self, workspace: Workspace) -> Iterator[Source]:
        yield WorkspaceFiles(workspace.uid, workspace.name, Path(workspace.path), self._added.of(workspace.uid))
        yield HistorySource(self._engine(), workspace)
