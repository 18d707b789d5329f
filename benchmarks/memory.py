"""Memory of the processes that stay: a client's stdio server before and after searches, an engine after much work."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.engine_process import in_own_process
from benchmarks.filled_home import fill
from benchmarks.resident import resident_mb
from benchmarks.row import Row
from benchmarks.search_process import questions
from benchmarks.wire import stdio_server

_RESOURCES = 5_000
_PASSAGES = 10_000
_SEARCHES = 50
_SEARCHING = "engine open; the passages are files of its workspace, beside the shipped pages; questions as people ask"


def memory(*, quick: bool) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="groundplan-bench-") as name, stdio_server(Path(name)) as wire:
        wire.greet()
        wire.ask("tools/list", {})
        yield Row("resident, stdio server after tools/list", resident_mb(wire.pid), "MB")
    yield _searching(1_000 if quick else _PASSAGES)
    count = 1_000 if quick else _RESOURCES
    yield Row(
        f"resident, engine after applying {count:,}", in_own_process("counted", count, 1, apply=True).resident_mb, "MB"
    )


def _searching(count: int) -> Row:
    with tempfile.TemporaryDirectory(prefix="groundplan-bench-") as name:
        chunks = fill(Path(name), count)
        with stdio_server(Path(name)) as wire:
            wire.greet()
            wire.ask("tools/list", {})
            wire.call("get_workspace")
            for question in questions()[:_SEARCHES]:
                wire.call("search_knowledge", query=question)
            resident = resident_mb(wire.pid)
    what = f"resident, stdio server after {_SEARCHES} searches of {chunks:,} passages"
    return Row(what, resident, "MB", goal="below 400 MB", note=_SEARCHING)
