"""Shelving: the volume that is read now, and the ways to make it new."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock

from rag.embed.contract import Embedder
from rag.index import prebuilt
from rag.index.folder import IndexFolder
from rag.index.intake import Report
from rag.index.lock import alone, holder
from rag.index.refresh import Refresh, Signals
from rag.index.snapshot import Snapshot
from rag.index.volume import Volume, is_damage
from rag.index.wanted import Wanted
from rag.model.options import LibraryOptions
from rag.model.source import Source
from rag.model.status import IndexStatus, Progress, RefreshReport


class Shelving:
    """Safe to use from several threads and by several processes on one folder."""

    def __init__(
        self,
        folder: Path,
        options: LibraryOptions,
        sources: Callable[[], Iterable[Source]],
        embedder: Callable[[], Embedder],
    ) -> None:
        self.signals = Signals()
        self._folder = IndexFolder(folder)
        self._options = options
        self._sources = sources
        self._embedder = embedder
        self.wanted = Wanted(self._folder.wanted, options.embedder, options.read_at)
        self._lock = Lock()
        self._volume: Volume | None = None

    @contextmanager
    def view(self) -> Generator[Snapshot]:
        """Raises `sqlite3.Error`; see `is_damage`."""
        with ExitStack() as stack:
            try:
                snapshot = stack.enter_context(self._opened().view())
            except sqlite3.OperationalError:
                # Another process may have put a new volume in this one's place in this very moment.
                snapshot = stack.enter_context(self._opened().view())
            yield snapshot

    def refresh(self, report: Report | None = None) -> RefreshReport:
        """Raises `IndexBusy` while another process, or another thread of this one, writes."""
        self._opened()
        with alone(self._folder.lock):
            self._folder.sweep()
            volume = self._opened()  # whoever had the lock may have put another in its place
            try:
                with volume.written() as connection:
                    done = self._work(report, volume, self._lenders()).run(connection)
            except sqlite3.Error as error:
                if not is_damage(error):
                    raise
                done = self._renew(report, volume, self._lenders(), lambda made: made.complete)
            self._note(done)
            return done

    def rebuild(self, report: Report | None = None) -> RefreshReport:
        """Everything anew, while the old index serves; it stays if this one is not whole. Raises `IndexBusy`."""
        self._opened()
        with alone(self._folder.lock):
            self._folder.sweep()
            done = self._renew(report, self._opened(), (), _is_whole)
            self._note(done)
            return done

    def status(self, trouble: str = "") -> IndexStatus:
        volume = self._opened()
        with volume.view() as snapshot:
            return IndexStatus(
                shelves=snapshot.shelves(),
                unreadable=snapshot.unreadable(),
                generation=snapshot.generation,
                embedder=snapshot.setting,
                fingerprint=snapshot.fingerprint,
                wanted=self.wanted.setting,
                bytes=volume.bytes,
                chroma=volume.copies.trouble,
                writer=holder(self._folder.lock),
                trouble=trouble,
                without_vectors=self.wanted.without_vectors,
            )

    @property
    def database(self) -> Path:
        return self._opened().database

    def close(self) -> None:
        self.signals.stop.set()
        with self._lock:
            if self._volume is not None:
                self._volume.close()
                self._volume = None

    def _renew(
        self,
        report: Report | None,
        old: Volume,
        lenders: Sequence[Path],
        is_better: Callable[[RefreshReport], bool],
    ) -> RefreshReport:
        path = self._folder.begin(prebuilt.fill_empty)
        volume = Volume(path, self._options.chroma)
        try:
            with volume.written() as connection:
                done = self._work(report, volume, lenders).run(connection)
            better = is_better(done)
            if better:
                self._folder.adopt(path)
                old.copies.forget()
        finally:
            volume.close()
        if not better:
            shutil.rmtree(path, ignore_errors=True)
        return done

    def _work(self, report: Report | None, volume: Volume, lenders: Sequence[Path]) -> Refresh:
        return Refresh(
            sources=self._sources,
            setting=self._options.embedder,
            embedder=self._claimed,
            report=report or _nobody,
            signals=self.signals,
            copies=volume.copies,
            exact_up_to=self._options.exact_up_to,
            lenders=lenders,
        )

    def _claimed(self) -> Embedder:
        embedder = self._embedder()
        self.wanted.claim(embedder.fingerprint)
        return embedder

    def _note(self, done: RefreshReport) -> None:
        if done.complete or done.without_vectors:
            self.wanted.note(done.without_vectors)

    def _lenders(self) -> list[Path]:
        return [*(prebuilt.lenders() if self._options.prebuilt else ()), *self._folder.others()]

    def _opened(self) -> Volume:
        """The volume that the folder names now; a search that began in another goes on in it."""
        named = self._folder.current()
        with self._lock:
            if self._volume is None or self._volume.path != named or not self._volume.is_there:
                if self._volume is not None:
                    self._volume.close()
                fill = prebuilt.fill if self._options.prebuilt else prebuilt.fill_empty
                self._volume = Volume(self._folder.make(fill), self._options.chroma)
            return self._volume


def _is_whole(made: RefreshReport) -> bool:
    """What was not looked at, or got no vectors, may be there in the old one."""
    return made.complete and not (made.trouble or made.without_vectors)


def _nobody(progress: Progress) -> None:
    del progress
