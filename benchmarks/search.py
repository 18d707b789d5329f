"""Searching and indexing 10,000 passages with the shipped model: what a person who asks waits for."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.row import Row
from benchmarks.search_process import Indexed, Searched

_ROOT = Path(__file__).parents[1]
_CHUNKS = 10_000
_LONGEST_SECONDS = 1800.0
_COLD_TIMES = 3
_NOTE = "vectors of chance, which cost a search what true ones do; questions are embedded by the shipped model"


def searches(*, quick: bool) -> Iterator[Row]:
    count = 1_000 if quick else _CHUNKS
    with tempfile.TemporaryDirectory(prefix="groundplan-bench-") as name:
        indexed = Indexed(**_process("index", Path(name, "exact"), count))
        yield Row(f"find {count:,} new passages by their words", indexed.words_seconds, "s", note=indexed.text)
        yield Row("index on disk", indexed.megabytes, "MB", note=f"{indexed.chunks:,} passages")
        yield from _searched(Path(name, "exact"), "exact", indexed.chunks)
        _process("index", Path(name, "chroma"), count, "--chroma")
        yield from _searched(Path(name, "chroma"), "Chroma", indexed.chunks, "--chroma")
        rate = _process("rate", Path(name, "rate"), 128 if quick else 512)
    yield Row(
        "index a passage, vectors too", rate["ours_ms"], "ms", "bare ONNX session", rate["bare_ms"], "within 15 %",
        "Library.refresh after reading, against the session alone on the same texts in the same batches",
    )  # fmt: skip


def _searched(folder: Path, how: str, chunks: int, *options: str) -> Iterator[Row]:
    runs = [Searched(**_process("search", folder, chunks, *options)) for _ in range(_COLD_TIMES)]
    what = f"search {chunks:,} passages, {how}"
    yield Row(f"{what}: first, in a new process", _median(each.cold_seconds for each in runs), "s", goal="below 2.5 s")
    yield Row(f"{what}: p50", _median(each.p50_ms for each in runs), "ms", goal="below 30 ms", note=_NOTE)
    yield Row(f"{what}: p95", _median(each.p95_ms for each in runs), "ms", goal="below 80 ms", note=_NOTE)
    yield Row(f"{what}: resident", max(each.resident_mb for each in runs), "MB", goal="below 400 MB")


def _median(figures: Iterator[float]) -> float:
    return statistics.median(figures)


def _process(what: str, folder: Path, count: int, *options: str) -> dict[str, Any]:
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.search_process", what, str(folder), str(count), *options],
        cwd=_ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=_LONGEST_SECONDS,
    )  # fmt: skip
    return json.loads(told.stdout)
