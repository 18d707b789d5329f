"""The index that is measured: built as the product builds it, and kept until its corpus or our code is another."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.retrieval.questions import Pages
from rag.embed.contract import Embedder
from rag.index.shelving import Shelving
from rag.model.options import LibraryOptions
from rag.model.status import Progress

KEPT = Path(__file__).parents[2] / ".cache" / "retrieval"
_CODE = Path(__file__).parents[2] / "rag"
_MAKES_CHUNKS = ("chunk/*.py", "index/lexical.py", "index/tables.py", "model/chunk.py")


def built(pages: Pages, embedder: Embedder, keep: Path = KEPT) -> Shelving:
    """Embedding takes minutes the first time; its progress goes to standard error."""
    shelving = Shelving(keep / _name(pages, embedder), LibraryOptions(), lambda: [pages], lambda: embedder)
    done = shelving.refresh(_shown())
    if done.without_vectors or done.unreadable:
        raise SystemExit(f"The index is not complete: {done.without_vectors or done.unreadable[0].reason}")
    return shelving


def _name(pages: Pages, embedder: Embedder) -> str:
    code = hashlib.sha256()
    for pattern in _MAKES_CHUNKS:
        for file in sorted(_CODE.glob(pattern)):
            code.update(file.read_bytes())
    return f"{pages.digest[:12]}-{code.hexdigest()[:12]}-{embedder.fingerprint}"


def _shown() -> Callable[[Progress], None]:
    last = 0.0

    def show(progress: Progress) -> None:
        nonlocal last
        if time.monotonic() - last > 1 or progress.done == progress.total:
            last = time.monotonic()
            print(f"\r{progress.phase} {progress.done:,} of {progress.total:,}   ", end="", file=sys.stderr, flush=True)
            if progress.done == progress.total:
                print(file=sys.stderr)

    return show
