"""The index that is measured: built as the product builds it, and kept until its corpus or embedder is another.

What depends on our code is the index's own to know (`rag.index.recipe`).
"""

from __future__ import annotations

import os
import re
import shutil
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
_NAME = re.compile(r"[0-9a-f]{12}-.+")
_NEWEST = 3
_FORGOTTEN_SECONDS = 24 * 3600.0  # training goes through a dozen small ones, and again before long


def built(pages: Pages, embedder: Embedder, keep: Path = KEPT) -> Shelving:
    """Embedding takes minutes the first time; its progress goes to standard error."""
    folder = keep / f"{pages.digest[:12]}-{embedder.fingerprint}"
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)
    _drop_old(keep)
    shelving = Shelving(folder, LibraryOptions(), lambda: [pages], lambda: embedder)
    done = shelving.refresh(_shown())
    if done.without_vectors or done.unreadable:
        raise SystemExit(f"The index is not complete: {done.without_vectors or done.unreadable[0].reason}")
    return shelving


def _drop_old(keep: Path) -> None:
    """The newest stay, and whatever was used lately."""
    used = {folder: folder.stat().st_mtime for folder in keep.iterdir() if _NAME.fullmatch(folder.name)}
    for folder in sorted(used, key=lambda each: used[each], reverse=True)[_NEWEST:]:
        if used[folder] < time.time() - _FORGOTTEN_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


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
