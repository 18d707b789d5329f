"""What the index tells of itself and of the work on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rag.model.document import Scope


class Phase(StrEnum):
    READING = "reading"  # documents; what is read is found by its words at once
    EMBEDDING = "embedding"  # chunks; what is embedded is found by its meaning too
    COPYING = "copying"  # vectors to Chroma


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` documents, chunks or vectors, as the phase says."""

    phase: Phase
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that its source could not hand over; a whole source when `id` is empty."""

    shelf: str
    scope: Scope
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """Counts of documents, and of the chunks that were embedded. `complete` is False when it was told to stop.

    `without_vectors` says why chunks are found by their words alone, empty when none are. `trouble` says why not all
    sources could be named: what was known of the others stays.
    """

    added: int
    changed: int
    removed: int
    unchanged: int
    embedded: int
    seconds: float
    complete: bool
    unreadable: tuple[Unreadable, ...] = ()
    without_vectors: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class ShelfStatus:
    shelf: str
    scope: Scope
    documents: int
    chunks: int
    with_vectors: int


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """`embedder` is the setting whose vectors answer, `wanted` the one that was set last, by whichever process: they
    differ while the index moves. `without_vectors` says why the last refresh made no vectors, if it made none.

    `fingerprint` names the model that answers. `chroma` says why large shelves are searched without it, if they are.
    `writer` is the process that writes now; `trouble` is why the last refresh in this process failed.
    """

    shelves: tuple[ShelfStatus, ...]
    unreadable: tuple[Unreadable, ...]
    generation: int
    embedder: str
    fingerprint: str
    wanted: str
    bytes: int
    chroma: str
    writer: int | None
    trouble: str
    without_vectors: str = ""
