"""Refresh: everything that brings a volume up to date with its sources and its embedder, in order."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from rag.embed.contract import Embedder
from rag.index.chroma import ChromaFailed
from rag.index.copies import Copies
from rag.index.copying import Copying
from rag.index.embedding import embed_missing
from rag.index.intake import Intake, Report, Taken
from rag.index.vectors import VectorWriter
from rag.index.writer import Writer
from rag.model.errors import LibraryError
from rag.model.source import Source
from rag.model.status import RefreshReport

_LOOK_SECONDS = 10.0  # other processes may serve what has changed, so embedding stops for a look so often


@dataclass
class Signals:
    """Between threads and the refresh that is under way.

    `again` is set by whoever wants the sources looked at once more: that goes before embedding. `looked` is set
    when all of them were, which took `look_seconds`: from then on their words are found.
    """

    stop: Event = field(default_factory=Event)
    again: Event = field(default_factory=Event)
    looked: Event = field(default_factory=Event)
    look_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Refresh:
    """What a refresh works with. `lenders` are databases of other indexes that may have vectors of the same texts."""

    sources: Callable[[], Iterable[Source]]
    setting: str
    embedder: Callable[[], Embedder]
    report: Report
    signals: Signals
    copies: Copies
    exact_up_to: int
    lenders: Sequence[Path] = ()

    def run(self, connection: sqlite3.Connection) -> RefreshReport:
        began = time.monotonic()
        taken = [self._look(connection)]
        embedded, without = 0, ""
        try:
            embedded = self._embed(connection, taken)
        except LibraryError as error:
            without = str(error)
        return RefreshReport(
            added=sum(each.added for each in taken),
            changed=sum(each.changed for each in taken),
            removed=sum(each.removed for each in taken),
            unchanged=taken[0].unchanged,
            embedded=embedded,
            seconds=time.monotonic() - began,
            complete=not self.signals.stop.is_set(),
            unreadable=tuple(taken[-1].unreadable),
            without_vectors=without,
            trouble=taken[-1].trouble,
        )

    def _look(self, connection: sqlite3.Connection) -> Taken:
        began = time.monotonic()
        self.signals.again.clear()
        taken = Intake(Writer(connection), self.report, self.signals.stop).take_in(self.sources())
        self.signals.look_seconds = time.monotonic() - began
        self.signals.looked.set()
        return taken

    def _embed(self, connection: sqlite3.Connection, taken: list[Taken]) -> int:
        embedder = self.embedder()
        vectors = VectorWriter(connection, embedder.fingerprint, self.setting)
        embedded = 0
        while not self.signals.stop.is_set():
            self._borrow(vectors)
            embedded += embed_missing(vectors, embedder, self.report, self._pause())
            complete = vectors.serve()
            self._copy(connection)
            if complete:
                break
            if not self.signals.stop.is_set():
                taken.append(self._look(connection))
        return embedded

    def _copy(self, connection: sqlite3.Connection) -> None:
        try:
            Copying(connection, self.copies, self.exact_up_to, self.report).run()
        except ChromaFailed as error:
            # Searches do without it, exactly and in more memory; the status says why, the next refresh tries again.
            self.copies.failed(error)

    def _pause(self) -> Callable[[], bool]:
        until = time.monotonic() + max(_LOOK_SECONDS, _LOOK_SECONDS * self.signals.look_seconds)
        signals = self.signals
        return lambda: signals.stop.is_set() or signals.again.is_set() or time.monotonic() > until

    def _borrow(self, vectors: VectorWriter) -> None:
        for lender in self.lenders:
            if vectors.missing():
                # Another version's index may have other tables; then its vectors are computed.
                with suppress(sqlite3.OperationalError):
                    vectors.borrow(lender)
