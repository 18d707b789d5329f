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
from benchmarks.row import Row
from benchmarks.wire import stdio_server

_TIMES = 5
_BARE = "import mcp.server"
_NOTE = f"Median of {_TIMES}, one after the other in turn, after one of each that is not counted; a home that exists."


def cold_start(*, quick: bool) -> Iterator[Row]:
    del quick  # it is quick as it is
    with tempfile.TemporaryDirectory(prefix="groundplan-bench-") as name:
        ours: list[float] = []
        bare: list[float] = []
        for _ in range(_TIMES + 1):
            ours.append(_first_list(Path(name)))
            bare.append(_bare_import())
    median = statistics.median(ours[1:])
    other = statistics.median(bare[1:])
    yield Row("cold start to tools/list, stdio", median, "s", f"python -c '{_BARE}'", other, "at most 1.3x", _NOTE)


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
