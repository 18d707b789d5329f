"""class Library: the knowledge index of one home, as the doors see it."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from rag.embed.choose import open_embedder
from rag.embed.contract import Embedder
from rag.index.background import Background
from rag.index.loads import Loads
from rag.index.shelving import Shelving
from rag.index.snapshot import Snapshot
from rag.index.volume import is_damage
from rag.model.answer import Answer
from rag.model.document import Document, Scope
from rag.model.errors import DocumentUnreadable, EmbedderFailed, LibraryError, RerankerFailed
from rag.model.found import Found
from rag.model.options import LibraryOptions
from rag.model.query import Query
from rag.model.source import Source
from rag.model.status import IndexStatus, Progress, RefreshReport
from rag.pack.pack import pack
from rag.search.find import find
from rag.search.rerank import Reranker, open_reranker

_EMBEDDER_SECONDS = 1.5  # a search waits so long for an embedder that is being loaded, then goes by words alone
_FIRST_LOOK_SECONDS = 1.5  # and so long for the first look at sources of which the index holds nothing yet


class Library:
    """Searches never index: they answer from what is there, and set off a look at the sources in the background.

    Safe to use from several threads, and by several processes on one folder.
    """

    def __init__(
        self,
        folder: Path,
        options: LibraryOptions | None = None,
        sources: Callable[[], Iterable[Source]] = tuple,
        opened: Callable[[str], Embedder] | None = None,
    ) -> None:
        """`sources` may raise `LibraryError` after those that it could name; no two are of one shelf and scope.

        `opened` gives the embedder that a setting names; by default what `rag.embed.choose` knows.
        """
        self._options = options or LibraryOptions()
        self._sources = sources
        self._embedders = Loads("embedder", lambda setting: _tried((opened or self._open_embedder)(setting)))
        self._rerankers = Loads("reranker", self._open_reranker)
        self._shelving = Shelving(folder, self._options, sources, self._wanted_embedder)
        self._background = Background(self._shelving.refresh, self._shelving.signals)

    def search(self, query: Query, *, look: float | None = 0.0) -> Answer:
        """From the index as it is; what has no vectors yet, or can't have them now, is found by its words.

        `look` is for how many seconds the first search of a process waits until the sources were looked at, so that
        what is new is found; None sets off no look where something is there to answer from.
        """
        if look is not None:
            self._background.look_if_due()
            self._background.wait_for_look(look)
        try:
            found, note = self._found(query)
        except sqlite3.Error as error:
            if not is_damage(error):
                raise LibraryError(f"The index can't be read: {error}.", hint=_RUNBOOK) from error
            self.refresh_soon()
            found, note = Found((), 0.0, without_vectors=True), "The index was damaged and is being built anew."
        answer = pack(found, query)
        return dataclasses.replace(answer, note=" ".join(part for part in (answer.note, note) if part))

    def refresh(self, report: Callable[[Progress], None] | None = None) -> RefreshReport:
        """Bring the index up to date with its sources. Raises `IndexBusy` while somebody else does."""
        with _told():
            return self._shelving.refresh(report)

    def refresh_soon(self) -> None:
        """The same in the background; never raises. What is asked for several times meanwhile is done once."""
        self._background.begin()

    def rebuild(self, report: Callable[[Progress], None] | None = None) -> RefreshReport:
        """Everything anew, vectors too, while the old index serves; it stays if the new one lacks something.

        Raises `IndexBusy`.
        """
        with _told():
            return self._shelving.rebuild(report)

    def status(self) -> IndexStatus:
        with _told():
            return self._shelving.status(self._background.trouble)

    def document(self, shelf: str, scope: Scope, document_id: str) -> Document | None:
        """As its source has it now; None when there is none, or none that may be shown.

        Raises `LibraryError` when its source can't be named; those that are named after it are not waited for.
        """
        source = next((each for each in self._sources() if (each.shelf, each.scope) == (shelf, scope)), None)
        if source is None or document_id not in source.marks():
            return None
        try:
            return source.read(document_id)
        except DocumentUnreadable:
            return None

    def close(self) -> None:
        """Ends background work after the batch that is under way; it goes on where it was when it is opened again."""
        self._background.close()
        self._shelving.close()

    def _found(self, query: Query) -> tuple[Found, str]:
        with self._shelving.view() as snapshot:
            if snapshot.size(query.within):
                return self._find(snapshot, query)
        self._background.look_if_due()
        self._background.wait_for_look(_FIRST_LOOK_SECONDS)
        with self._shelving.view() as snapshot:
            return self._find(snapshot, query)

    def _find(self, snapshot: Snapshot, query: Query) -> tuple[Found, str]:
        embedder, note = self._serving_embedder(snapshot)
        try:
            found, other = self._looked_at_twice(snapshot, embedder, query)
        except EmbedderFailed as error:
            return find(snapshot, None, query), _BY_WORDS.format(error)
        return found, note or other or self._unfinished(snapshot, snapshot.without_vectors(query.within.shelves))

    def _looked_at_twice(self, snapshot: Snapshot, embedder: Embedder | None, query: Query) -> tuple[Found, str]:
        """Once, and with a note why, where the second look is set and can't be had now."""
        if self._options.rerank == "none":
            return find(snapshot, embedder, query), ""
        try:
            reranker = self._rerankers.get(self._options.rerank, _EMBEDDER_SECONDS)
            return find(snapshot, embedder, query, reranker), ""
        except EmbedderFailed:
            raise
        except (LibraryError, TimeoutError) as error:
            return find(snapshot, embedder, query), _ONCE.format(error)

    def _unfinished(self, snapshot: Snapshot, missing: int) -> str:
        if not missing:
            return ""
        reason = self._shelving.wanted.without_vectors
        if not reason:
            return _UNFINISHED.format(missing)
        return _SOME_BY_WORDS.format(missing, reason) if snapshot.setting else _BY_WORDS.format(reason)

    def _serving_embedder(self, snapshot: Snapshot) -> tuple[Embedder | None, str]:
        """That of the vectors which answer: while the index moves to another embedder, this is the former one."""
        if not snapshot.setting:
            return None, ""
        try:
            embedder = self._embedders.get(snapshot.setting, _EMBEDDER_SECONDS)
            if embedder.fingerprint == snapshot.fingerprint:
                return embedder, ""
        except (LibraryError, TimeoutError) as error:
            return None, _BY_WORDS.format(error)
        return None, _BY_WORDS.format(f"The embedder {snapshot.setting} is another one now.")

    def _wanted_embedder(self) -> Embedder:
        return self._embedders.get(self._options.embedder)

    def _open_reranker(self, setting: str) -> Reranker:
        try:
            return open_reranker(setting, download=self._options.download, threads=self._options.threads)
        except EmbedderFailed as error:
            raise RerankerFailed(error.message, hint=error.hint) from error

    def _open_embedder(self, setting: str) -> Embedder:
        options = self._options
        threads = {"threads": options.threads} if options.threads else {}
        return open_embedder(
            setting, url=options.embedder_url, key=options.embedder_key, download=options.download, **threads
        )


def _tried(embedder: Embedder) -> Embedder:
    """Loaded by a first question."""
    embedder.embed_query("warm")
    return embedder


@contextmanager
def _told() -> Generator[None]:
    """A full disk, a folder that may not be written, a lock that stays: as a fact and a next move."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise LibraryError(f"The index can't be used: {error}.", hint=_RUNBOOK) from error


_RUNBOOK = "See groundplan://knowledge/runbooks/index."
_BY_WORDS = "Found by words alone: {}"
_ONCE = "Ranked without a second look: {}"
_SOME_BY_WORDS = "{:,} passages are found by words alone: {}"
_UNFINISHED = "Indexing goes on: {:,} passages are found by their words only as yet."
