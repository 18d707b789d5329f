"""Memory of the two processes that stay: a client's stdio server, and an engine after much work."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.engine_process import in_own_process
from benchmarks.resident import resident_mb
from benchmarks.row import Row
from benchmarks.wire import stdio_server

_RESOURCES = 5_000


def memory(*, quick: bool) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="groundplan-bench-") as name, stdio_server(Path(name)) as wire:
        wire.greet()
        wire.ask("tools/list", {})
        yield Row("resident, stdio server after tools/list", resident_mb(wire.pid), "MB")
    count = 1_000 if quick else _RESOURCES
    yield Row(
        f"resident, engine after applying {count:,}", in_own_process("counted", count, 1, apply=True).resident_mb, "MB"
    )
