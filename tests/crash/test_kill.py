"""kill -9 at every step boundary and inside steps: after resume the result equals an uninterrupted run."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.facade import Engine
from engine.model.query import ResourceQuery
from engine.model.request import PlanChange
from engine.providers.demo.cloud import Cloud
from tests.crash.copied_home import copy_home
from tests.scenario.engine.person import (
    BY,
    THREE_SERVERS,
    apply,
    change,
    engine_at,
    finished,
    make_workspace,
    planned,
    write_home,
    yes_to,
)

ROOT = Path(__file__).parents[2]
STEPS = 6
BOUNDARIES = [(point, n) for point in ("before-commit", "after-commit") for n in range(1, 2 * STEPS - 1)]
INSIDE = [(point, n) for point in ("before-act", "after-act") for n in range(1, STEPS)]
TYPES = ("network", "server", "volume")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home with a workspace and a confirmed run that nobody has begun; the run's id."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    write_home(home, "\n[providers.demo]\nparallel = 1\n", lease=0.4)
    return home, asyncio.run(_prepare(home))


async def _prepare(home: Path) -> str:
    with engine_at(home) as engine:
        await make_workspace(engine)
        plan = planned(await change(engine, *THREE_SERVERS))
    idle = Engine.open(home, {})
    run = idle.apply(yes_to(plan))
    idle.close()
    return run.id


@pytest.mark.promise("DURABLE-1")
@pytest.mark.parametrize(("point", "number"), [*BOUNDARIES, *INSIDE])
def test_a_killed_run_ends_like_an_uninterrupted_one(
    prepared: tuple[Path, str], tmp_path: Path, point: str, number: int
) -> None:
    home, run_id = tmp_path / "home", prepared[1]
    copy_home(prepared[0], home)
    command = [sys.executable, "-m", "tests.crash.victim", str(home), point, str(number)]
    victim = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert victim.returncode in (-signal.SIGKILL, 0), victim.stderr
    asyncio.run(_recovers(home, run_id))


async def _recovers(home: Path, run_id: str) -> None:
    with engine_at(home) as engine:
        run = await finished(engine, engine.run(run_id))
        assert run.status.value == "succeeded", run.failure
        assert run.done == run.total == STEPS
        assert planned(await engine.propose("shop", PlanChange(), BY)).is_empty
        known = {each.id for each in engine.resources("shop", ResourceQuery()).items}
        assert known == _objects(home)
        assert len(known) == STEPS - 1
        assert engine.verify_audit().intact


@pytest.mark.promise("DURABLE-2")
async def test_a_create_whose_answer_was_lost_and_that_is_not_wanted_any_more_leaves_no_orphan(tmp_path: Path) -> None:
    home = tmp_path / "home"
    fault = '\n[[providers.demo.faults]]\non = "create"\ntype = "server"\ntimes = 0\nafter_effect = true\n'
    write_home(home, fault)
    with engine_at(home) as engine:
        await make_workspace(engine)
        server = {"op": "set", "address": "server.web", "value": {"image": "debian-12", "size": "small"}}
        run = await apply(engine, await change(engine, server))
        assert run.status.value == "failed"
        assert len(_objects(home)) == 1
    write_home(home)
    with engine_at(home) as engine:
        plan = planned(await change(engine, {"op": "remove", "address": "server.web"}))
        assert plan.summary()["delete"] == 1
        await apply(engine, engine.plan(plan.id))
        assert _objects(home) == set()


def _objects(home: Path) -> set[str]:
    cloud = Cloud(home / "demo" / "cloud.db")
    found = {each.id for type_ in TYPES for each in cloud.list(type_)}
    cloud.close()
    return found
