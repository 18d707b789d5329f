"""Intake: bringing the documents of the index up to date with their sources. What is taken in is found at once."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from threading import Event

from rag.chunk.split import split
from rag.index.writer import Known, Place, Writer
from rag.model.document import Document
from rag.model.errors import LibraryError
from rag.model.source import Source
from rag.model.status import Phase, Progress, Unreadable

Report = Callable[[Progress], None]


@dataclass
class Taken:
    """What came of it, in documents."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    unreadable: list[Unreadable] = field(default_factory=list[Unreadable])
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class _Moved:
    """A document whose mark is not the one that is known of it, if any is."""

    source: Source
    place: Place
    id: str
    mark: str
    known: Known | None


class Intake:
    """New and changed documents first, so that what moved elsewhere keeps its vectors; then what is gone goes."""

    def __init__(self, writer: Writer, report: Report, stop: Event) -> None:
        self._writer = writer
        self._report = report
        self._stop = stop
        self._taken = Taken()

    def take_in(self, sources: Iterable[Source]) -> Taken:
        """What is known of sources that could not be named stays; `trouble` says why they could not be."""
        moved: list[_Moved] = []
        gone: list[tuple[Place, list[str]]] = []
        named = self._named(sources)
        for source in named:
            place = Place(source.shelf, source.scope)
            known = self._writer.known(place)
            marks = self._marks(source)
            if marks is not None:
                gone.append((place, [id_ for id_ in known if id_ not in marks]))
                moved += [
                    _Moved(source, place, id_, mark, known.get(id_))
                    for id_, mark in marks.items()
                    if id_ not in known or known[id_].mark != mark
                ]
                self._taken.unchanged += len(marks)
        if not self._taken.trouble:
            left = self._writer.places() - {Place(source.shelf, source.scope) for source in named}
            gone += [(place, list(self._writer.known(place))) for place in left]
        self._taken.unchanged -= len(moved)
        self._read(moved)
        self._remove(gone)
        self._taken.unreadable += self._writer.unreadable()
        return self._taken

    def _named(self, sources: Iterable[Source]) -> list[Source]:
        named: list[Source] = []
        try:
            for source in sources:
                named.append(source)  # noqa: PERF402 - what was named before an error counts
        except LibraryError as error:
            self._taken.trouble = str(error)
        return named

    def _marks(self, source: Source) -> dict[str, str] | None:
        """None when the source can't be looked at: what is known of it stays, and the report says why."""
        try:
            marks = dict(source.marks())
        except (OSError, LibraryError) as error:
            self._taken.unreadable.append(Unreadable(source.shelf, source.scope, "", str(error)))
            return None
        for id_ in [each for each in marks if _storable(each) != each]:
            del marks[id_]
            reason = "Its name is no Unicode text."
            self._taken.unreadable.append(Unreadable(source.shelf, source.scope, _storable(id_), reason))
        return marks

    def _read(self, moved: Sequence[_Moved]) -> None:
        for done, each in enumerate(moved):
            if self._stop.is_set():
                return
            self._report(Progress(Phase.READING, done, len(moved)))
            try:
                document = each.source.read(each.id)
            except (OSError, LibraryError) as error:
                self._writer.leave_out(each.place, each.id, each.mark, _storable(str(error)))
            else:
                self._take(each, document)
        if moved:
            self._report(Progress(Phase.READING, len(moved), len(moved)))

    def _take(self, moved: _Moved, document: Document | None) -> None:
        known = moved.known.digest if moved.known else None
        if document is None:
            self._writer.leave_out(moved.place, moved.id, moved.mark, "")
            self._taken.removed += known is not None
            return
        document = _clean(document, moved)
        digest = _digest(document)
        if digest == known:
            self._writer.touch(document, moved.mark)
            self._taken.unchanged += 1
            return
        self._writer.replace(document, moved.mark, digest, split(document))
        if known is None:
            self._taken.added += 1
        else:
            self._taken.changed += 1

    def _remove(self, gone: Sequence[tuple[Place, Sequence[str]]]) -> None:
        for place, document_ids in gone:
            if document_ids and not self._stop.is_set():
                self._taken.removed += self._writer.remove(place, document_ids)


def _clean(document: Document, moved: _Moved) -> Document:
    """As the database can hold it, in the place of the source that gave it, whatever it says of itself."""
    return dataclasses.replace(
        document,
        id=moved.id,
        shelf=moved.place.shelf,
        scope=moved.source.scope,
        uri=_storable(document.uri),
        title=_storable(document.title),
        text=_storable(document.text),
        tags=tuple(map(_storable, document.tags)),
    )


def _storable(text: str) -> str:
    """UTF-8 has no lone surrogates, and SQLite's full-text search ends at a NUL."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")


def _digest(document: Document) -> bytes:
    """Of all that its chunks are made from."""
    made_from = (document.title, document.text, document.format.value, document.line_offset)
    return hashlib.sha256(repr(made_from).encode("utf-8")).digest()
