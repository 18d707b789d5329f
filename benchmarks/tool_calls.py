"""What one call of a reading tool takes over stdio, there and back."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.row import Row
from benchmarks.wire import Wire, stdio_server
from engine.facade import Engine

_TIMES = 200
_NOTE = f"{_TIMES} calls one after the other, from the client's line to the server's."


def tool_calls(*, quick: bool) -> Iterator[Row]:
    del quick  # it is quick as it is
    with tempfile.TemporaryDirectory(prefix="groundplan-bench-") as name:
        engine = Engine.open(Path(name), {})
        workspace = engine.ensure_demo_workspace().name
        engine.close()
        with stdio_server(Path(name)) as wire:
            wire.greet()
            wire.ask("tools/list", {})
            plan = wire.call("plan_change", workspace=workspace)["structuredContent"]["plan_id"]
            ping = _milliseconds(lambda: wire.ask("ping", {}))
            yield from _rows(wire, "list_workspaces", {}, ping)
            yield from _rows(wire, "get_plan", {"plan_id": plan}, ping)


def _rows(wire: Wire, tool: str, arguments: dict[str, Any], ping: list[float]) -> Iterator[Row]:
    times = _milliseconds(lambda: wire.call(tool, **arguments))
    for name, n in (("p50", 49), ("p95", 94)):
        yield Row(f"{tool}, {name}", times[n], "ms", f"ping, {name}", ping[n], note=_NOTE)


def _milliseconds(act: Callable[[], object]) -> list[float]:
    """The percentiles 1 to 99."""
    act()
    times: list[float] = []
    for _ in range(_TIMES):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.quantiles(times, n=100)
