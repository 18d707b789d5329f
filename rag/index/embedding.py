"""Giving vectors to the chunks that have none. What is done is kept, so that it goes on where it was killed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from rag.embed.contract import Embedder
from rag.index.intake import Report
from rag.index.vectors import Unembedded, VectorWriter
from rag.model.status import Phase, Progress

_WINDOW_BATCHES = 8  # sorted by length together: texts of like length are padded least


def embed_missing(vectors: VectorWriter, embedder: Embedder, report: Report, pause: Callable[[], bool]) -> int:
    """How many texts were embedded. Returns early when `pause` says that something goes first."""
    total = vectors.missing()
    done = 0
    while window := vectors.without(_WINDOW_BATCHES * embedder.batch):
        for batch in batches(window, embedder.batch):
            if pause():
                return done
            report(Progress(Phase.EMBEDDING, min(done, total), total))
            vectors.put(batch, embedder.embed([each.text for each in batch]))
            done += len(batch)
    if total:
        report(Progress(Phase.EMBEDDING, total, total))
    return done


def batches(window: list[Unembedded], size: int) -> list[list[Unembedded]]:
    ordered = iter(sorted(window, key=lambda each: len(each.text)))
    return list(iter(lambda: list(islice(ordered, size)), []))
