"""Reading a manifest in Nickel: a child process is started, evaluates, and ends."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.row import Row
from engine.manifest import parse, read_files
from engine.registry.providers import offers

_SIZES = (10, 1_000)
_REPEATS = 5
_FILE = """let G = import "groundplan.ncl" in
{{
  provider = "demo",
  resources.server = std.record.from_array [
{servers}
  ],
}} | G.Manifest
"""


def nickel(*, quick: bool) -> Iterator[Row]:
    for count in _SIZES[:1] if quick else _SIZES:
        told = "ours: median of five readings, each with a new process; beside it the same in YAML"
        yield Row(
            f"read {count:,} servers in Nickel, with contracts", _seconds("main.ncl", _nickel(count)), "s",
            "YAML", _seconds("main.yaml", _yaml(count)), "under 0.5 s for 10", told,
        )  # fmt: skip


def _seconds(name: str, text: str) -> float:
    with tempfile.TemporaryDirectory(prefix="groundplan-bench-") as made:
        folder = Path(made)
        (folder / "infra").mkdir()
        (folder / "infra" / name).write_text(text, encoding="utf-8")
        times: list[float] = []
        for _ in range(_REPEATS):
            begun = time.perf_counter()
            parse(read_files(folder), offers())
            times.append(time.perf_counter() - begun)
    return statistics.median(times)


def _nickel(count: int) -> str:
    rows = (
        f'    {{ field = "web-{number:05}", value = {{ image = "debian-12", size = "small" }} }},'
        for number in range(count)
    )
    return _FILE.format(servers="\n".join(rows))


def _yaml(count: int) -> str:
    rows = (f"    web-{number:05}: {{ image: debian-12, size: small }}\n" for number in range(count))
    return "provider: demo\nresources:\n  server:\n" + "".join(rows)
