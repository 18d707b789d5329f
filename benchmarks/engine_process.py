"""An engine in a process of its own: `python -m benchmarks.engine_process HOME SHAPE COUNT REPEATS [--apply]`.

Opens a new home, declares COUNT resources, plans them REPEATS times, carries the last plan out when asked to, and
prints what it saw as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import cast

from benchmarks.manifests import Shape, manifest
from benchmarks.resident import resident_mb
from engine.facade import Engine
from engine.model.confirmation import Channel, Confirmation
from engine.model.plan import Plan
from engine.model.principal import Principal
from engine.model.request import PlanChange, PlanWorkspace, Request
from engine.model.run import RunStatus

ROOT = Path(__file__).parents[1]
LONGEST_SECONDS = 600.0
_LOOK_SECONDS = 0.05
_BY = Principal(user="bench", door="cli", client="benchmarks")
_CONFIG = "plan_seconds = 55\n[providers.demo]\nlatency = 0\n"


@dataclass(frozen=True, slots=True)
class Seen:
    """Seconds of a plan (the median) and of an apply from the yes to the end; memory after all of it."""

    plan_seconds: float
    apply_seconds: float
    resident_mb: float


@cache
def in_own_process(shape: Shape, count: int, repeats: int, *, apply: bool) -> Seen:
    """Measured once, for every row that asks for the same."""
    with tempfile.TemporaryDirectory(prefix="groundplan-bench-") as home:
        words = [home, shape, str(count), str(repeats), *(["--apply"] if apply else [])]
        told = subprocess.run(
            [sys.executable, "-m", "benchmarks.engine_process", *words],
            cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=LONGEST_SECONDS,
        )  # fmt: skip
    return Seen(**json.loads(told.stdout))


async def _measure(home: Path, shape: Shape, count: int, repeats: int, *, apply: bool) -> Seen:
    (home / "config.toml").write_text(_CONFIG, encoding="utf-8")
    engine = Engine.open(home, {})
    engine.start_worker()
    try:
        # The first run also loads the queue's libraries, as it does once in a server's life.
        await _carried_out(engine, await _planned(engine, PlanWorkspace("create", "bench")))
        manifests = Path(engine.workspace("bench").path, "infra")
        (manifests / "main.yaml").write_text(manifest(shape, count), encoding="utf-8")
        plan, plan_seconds = await _proposed(engine, repeats)
        if plan.summary()["create"] != count:
            raise RuntimeError(f"planned {plan.summary()}, not {count} creates")
        seconds = await _carried_out(engine, plan) if apply else 0.0
        return Seen(plan_seconds, seconds, resident_mb(os.getpid()))
    finally:
        engine.close()


async def _proposed(engine: Engine, repeats: int) -> tuple[Plan, float]:
    """The last plan, and the median of the seconds that each took."""
    plans: list[Plan] = []
    times: list[float] = []
    for _ in range(repeats):
        begun = time.perf_counter()
        plans.append(await _planned(engine, PlanChange()))
        times.append(time.perf_counter() - begun)
    return plans[-1], statistics.median(times)


async def _planned(engine: Engine, request: Request) -> Plan:
    record = await engine.propose("bench" if isinstance(request, PlanChange) else None, request, _BY)
    if record.plan is None:
        raise RuntimeError(f"no plan: {record.status.value} {record.failure}")
    return record.plan


async def _carried_out(engine: Engine, plan: Plan) -> float:
    begun = time.perf_counter()
    run = engine.apply(Confirmation(plan.id, plan.digest, Channel.TERMINAL, _BY))
    while not run.status.is_over:
        # The newest run without its steps: thousands of them, read over and over, would be measured too.
        await asyncio.sleep(_LOOK_SECONDS)
        run = engine.runs(plan.workspace, limit=1).items[0]
    if run.status is not RunStatus.SUCCEEDED:
        raise RuntimeError(f"run {run.status.value}: {run.failure}")
    return time.perf_counter() - begun


def main() -> None:
    home, shape, count, repeats = sys.argv[1:5]
    apply = "--apply" in sys.argv
    seen = asyncio.run(_measure(Path(home), cast("Shape", shape), int(count), int(repeats), apply=apply))
    print(json.dumps(asdict(seen)))


if __name__ == "__main__":
    main()
