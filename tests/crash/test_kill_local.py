"""kill -9 of a run that builds real hosts: the next process ends it with the same objects, and no more of them."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from engine.facade import Engine
from engine.model.query import ResourceQuery
from engine.model.request import PlanChange, PlanDestroy
from engine.providers.contract import Surroundings
from engine.providers.local.endpoint import find_endpoint
from engine.providers.local.naming import WORKSPACE
from tests.scenario.engine.person import (
    BY,
    apply,
    change,
    engine_at,
    finished,
    make_workspace,
    planned,
    write_home,
    yes_to,
)

pytestmark = [pytest.mark.hosts, pytest.mark.promise("DURABLE-1")]

ROOT = Path(__file__).parents[2]
STEPS = 4
POINTS = [
    *((point, n) for point in ("before-commit", "after-commit") for n in range(1, 2 * STEPS - 1)),
    *((point, n) for point in ("before-act", "after-act") for n in range(1, STEPS)),
]
EDITS: tuple[dict[str, object], ...] = (
    {"op": "set", "address": "network.lan", "value": {"cidr": "10.214.9.0/24", "provider": "local"}},
    {
        "op": "set",
        "address": "server.web",
        "value": {"provider": "local", "image": "debian-12", "size": "small", "networks": ["${network.lan.id}"]},
    },
    {
        "op": "set",
        "address": "volume.data",
        "value": {"provider": "local", "size": "64MiB", "server": "${server.web.id}", "mount": "/data"},
    },
)


@pytest.fixture
def shop() -> Iterator[str]:
    """A workspace name of its own on the daemon; whatever is left under it is removed."""
    name = f"kill-{secrets.token_hex(4)}"
    yield name
    for thing in _things(name):
        thing.remove(**({"force": True, "v": True} if hasattr(thing, "exec_run") else {}))


@pytest.mark.parametrize(("point", "number"), POINTS)
async def test_a_killed_run_leaves_the_same_hosts_as_an_uninterrupted_one(
    shop: str, tmp_path: Path, point: str, number: int
) -> None:
    write_home(tmp_path, lease=0.4)
    run_id = await _confirmed_run(tmp_path, shop)
    command = [sys.executable, "-m", "tests.crash.victim", str(tmp_path), point, str(number)]
    victim = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False
    )
    assert victim.returncode in (-signal.SIGKILL, 0), victim.stderr
    with engine_at(tmp_path) as engine:
        run = await finished(engine, engine.run(run_id), 120)
        assert run.status.value == "succeeded", run.failure
        assert planned(await engine.propose(shop, PlanChange(), BY)).is_empty
        known = engine.resources(shop, ResourceQuery()).items
        assert len(known) == STEPS - 1
        assert len(_things(shop)) == len(known), [thing.name for thing in _things(shop)]
        gone = await apply(engine, await engine.propose(shop, PlanDestroy(), BY))
        assert gone.status.value == "succeeded", gone.failure
    assert _things(shop) == []


async def _confirmed_run(home: Path, shop: str) -> str:
    with engine_at(home) as engine:
        await make_workspace(engine, shop)
        plan = planned(await change(engine, *EDITS, workspace=shop))
    idle = Engine.open(home, {})
    run = idle.apply(yes_to(plan))
    idle.close()
    return run.id


def _things(shop: str) -> list[Any]:
    """Containers (hosts, and the disks behind volumes) and networks of the workspace."""
    around = Surroundings(workspace=shop, home=Path(), settings={}, environment=os.environ, public_key="", secret=str)
    client = docker.DockerClient(base_url=find_endpoint(around))
    ours: dict[str, Any] = {"label": f"{WORKSPACE}={shop}"}
    found = [*client.containers.list(all=True, filters=ours), *client.networks.list(filters=ours)]
    client.close()
    return found
