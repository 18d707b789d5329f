"""Group: chunks of one document that stand side by side, shown as one passage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rag.model.chunk import LEAD_MARK
from rag.model.found import Ranked, StoredChunk


@dataclass(slots=True)
class Group:
    """`best` was found first. `chunks` by their ordinals, without a gap; only a single one can be a mere beginning."""

    best: Ranked
    is_lead: bool = False
    chunks: dict[int, StoredChunk] = field(init=False)

    def __post_init__(self) -> None:
        self.chunks = {self.best.stored.chunk.ordinal: self.best.stored}

    def touches(self, stored: StoredChunk) -> bool:
        ordinal = stored.chunk.ordinal
        same = stored.document_key == self.best.stored.document_key
        return same and (ordinal - 1 in self.chunks or ordinal + 1 in self.chunks)

    @property
    def in_order(self) -> list[StoredChunk]:
        return [self.chunks[ordinal] for ordinal in sorted(self.chunks)]

    @property
    def text(self) -> str:
        """With a heading wherever the breadcrumb becomes another one than the passage's own."""
        if self.is_lead:
            chunk = self.best.stored.chunk
            return f"{chunk.text[: chunk.lead.characters]}{LEAD_MARK}"
        return "".join(self._parts())

    def _parts(self) -> Iterator[str]:
        before: StoredChunk | None = None
        for stored in self.in_order:
            if before is not None:
                yield _between(before, stored)
            yield stored.chunk.text
            before = stored


def _between(before: StoredChunk, stored: StoredChunk) -> str:
    if stored.chunk.crumb != before.chunk.crumb:
        same = 0
        while stored.chunk.crumb[: same + 1] == before.chunk.crumb[: same + 1] and same < len(stored.chunk.crumb):
            same += 1
        heading = " > ".join(stored.chunk.crumb[same:]) or " > ".join(stored.chunk.crumb[-1:])
        return f"\n\n## {heading}\n\n"
    return "" if stored.chunk.first_line <= before.chunk.last_line else "\n\n"
