"""From starting the process to the first list of tools, as a desktop client that starts its server sees it."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.engine_process import ROOT
from benchmarks.filled_home import fill, let_a_refresh_be_due
from benchmarks.row import Row
from benchmarks.wire import stdio_server

_TIMES = 5
_PASSAGES = 10_000
_BARE = "import mcp.server"
_NOTE = f"Median of {_TIMES}, one after the other in turn, after one of each that is not counted; a home that exists."


def cold_start(*, quick: bool) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="groundplan-bench-") as name:
        plain, filled = Path(name, "plain"), Path(name, "filled")
        chunks = fill(filled, 1_000 if quick else _PASSAGES)
        ours: list[float] = []
        bare: list[float] = []
        with_index: list[float] = []
        for _ in range(_TIMES + 1):
            ours.append(_first_list(plain))
            bare.append(_bare_import())
            let_a_refresh_be_due(filled)
            with_index.append(_first_list(filled))
    first, other, late = (statistics.median(each[1:]) for each in (ours, bare, with_index))
    yield Row("cold start to tools/list, stdio", first, "s", f"python -c '{_BARE}'", other, "at most 1.3x", _NOTE)
    what = f"the same, {chunks:,} passages indexed and a refresh due"
    yield Row(what, late, "s", "a home without an index", first, "unaffected", _NOTE)


def _first_list(home: Path) -> float:
    begun = time.perf_counter()
    with stdio_server(home) as wire:
        wire.greet()
        wire.ask("tools/list", {})
        return time.perf_counter() - begun


def _bare_import() -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", _BARE], cwd=ROOT, check=True, timeout=120)
    return time.perf_counter() - begun
