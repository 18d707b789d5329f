"""Two processes on one home: the one that carries out a run dies or falls asleep, the other goes on with it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from engine.facade import Engine
from engine.model.query import ResourceQuery
from engine.model.request import PlanChange
from engine.orchestrator.worker import LEASE
from engine.providers.demo.cloud import Cloud
from engine.state.leases import Leases
from engine.state.tables import step
from tests.scenario.engine.person import BY, THREE_SERVERS, change, engine_at, finished, make_workspace, planned, yes_to

ROOT = Path(__file__).parents[2]
STEPS = 6
PATIENCE = 60
_TYPES = ("network", "server", "volume")


@dataclass(frozen=True, slots=True)
class Written:
    """What a tenure of the lease left in the journal: its rows of steps, by step id."""

    rows: dict[str, tuple[object, ...]]


async def confirmed_run(home: Path) -> str:
    """A workspace with a confirmed run that nobody has begun; the run's id."""
    with engine_at(home) as engine:
        await make_workspace(engine)
        plan = planned(await change(engine, *THREE_SERVERS))
    idle = Engine.open(home, {})
    run = idle.apply(yes_to(plan))
    idle.close()
    return run.id


@contextlib.contextmanager
def victim(home: Path, point: str, number: int, by: signal.Signals) -> Iterator[subprocess.Popen[bytes]]:
    """A process at the point where it is dead or asleep. Whatever becomes of it, it is gone in the end."""
    command = [sys.executable, "-m", "tests.crash.victim", str(home), point, str(number), by.name]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            # Not reaped here, so that the process object still learns how it ended.
            stopped = os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
            assert stopped is not None
            assert stopped.si_status == by, f"the victim ended with {stopped.si_status} before it came to {point}"
            yield process
        finally:
            process.kill()


def written(engine: Engine, run_id: str, epoch: int) -> Written:
    query = select(step).where(step.c.run_id == run_id, step.c.epoch == epoch)
    with engine._database.read() as connection:
        return Written({row.id: tuple(row) for row in connection.execute(query)})


def tenure(engine: Engine) -> int:
    """The epoch of the lease now."""
    held = Leases(engine._database).current(LEASE)
    assert held is not None
    return held.epoch


async def killed_holder_is_followed(home: Path, run_id: str, point: str, number: int) -> None:
    """The other engine is open, at work and waiting for the lease when the holder is killed."""
    with victim(home, point, number, signal.SIGSTOP) as holder, engine_at(home) as engine:
        assert not engine.worker_status()["holds_lease"]
        holder.kill()
        holder.wait(PATIENCE)
        await ends_once(engine, home, run_id)


async def sleeper_writes_nothing_more(home: Path, run_id: str, point: str, number: int) -> None:
    """The holder sleeps past its lease and wakes while the other engine is in the middle of the run."""
    with victim(home, point, number, signal.SIGSTOP) as sleeper, engine_at(home) as engine:
        first = tenure(engine)
        before = written(engine, run_id, first)
        await _goes_on(engine, run_id)
        assert tenure(engine) > first
        os.kill(sleeper.pid, signal.SIGCONT)
        await ends_once(engine, home, run_id)
        assert await asyncio.to_thread(sleeper.wait, PATIENCE) == 0
        after = written(engine, run_id, first)
        assert after.rows.items() <= before.rows.items()
        await ends_once(engine, home, run_id)


async def ends_once(engine: Engine, home: Path, run_id: str) -> None:
    """The run ends as an uninterrupted one does, with every step told and every object made once."""
    run = await finished(engine, engine.run(run_id), PATIENCE)
    assert run.status.value == "succeeded", run.failure
    assert run.done == run.total == STEPS
    assert planned(await engine.propose("shop", PlanChange(), BY)).is_empty
    known = {each.id for each in engine.resources("shop", ResourceQuery()).items}
    assert known == _objects(home)
    assert len(known) == STEPS - 1
    lines = [line for line in engine.audit_tail(10_000) if line.get("run") == run_id]
    # The log is written just before the state: a kill between the two lets the next process tell a step again.
    told = Counter(line["step"] for line in lines if line["event"] == "step.done")
    assert len(told) == STEPS
    assert set(told.values()) <= {1, 2}
    # The log's line about the end follows the end itself.
    assert sum(line["event"] == "run.succeeded" for line in lines) <= 1
    assert engine.verify_audit().intact


async def _goes_on(engine: Engine, run_id: str) -> None:
    """Until another step is done than were when this was called."""
    run = engine.run(run_id)
    done = run.done
    async with asyncio.timeout(PATIENCE):
        while run.done == done and not run.status.is_over:
            run = await engine.wait_run(run_id, 5)
    assert not run.status.is_over, "the run was too short to be found in the middle"


def _objects(home: Path) -> set[str]:
    cloud = Cloud(home / "demo" / "cloud.db")
    found = {each.id for type_ in _TYPES for each in cloud.list(type_)}
    cloud.close()
    return found
