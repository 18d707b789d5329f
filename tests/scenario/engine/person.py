"""A person in tests: says yes to exactly what was shown, and follows runs to their end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

from engine.facade import Engine
from engine.model.confirmation import Channel, Confirmation
from engine.model.plan import Plan
from engine.model.plan_record import PlanRecord
from engine.model.principal import Principal
from engine.model.request import Edit, PlanChange, PlanWorkspace
from engine.model.run import Run

BY = Principal(user="ada", door="cli", client="tests")
FAST = """
[worker]
poll_seconds = 0.05
retry_base_seconds = 0.01
lease_seconds = {lease}
"""


def write_home(home: Path, extra: str = "", lease: float = 15) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "config.toml").write_text(FAST.format(lease=lease) + extra)


@contextlib.contextmanager
def engine_at(home: Path) -> Iterator[Engine]:
    engine = Engine.open(home, {})
    engine.start_worker()
    try:
        yield engine
    finally:
        engine.close()


def planned(record: PlanRecord) -> Plan:
    assert record.plan is not None
    return record.plan


def yes_to(plan: Plan, channel: Channel = Channel.TERMINAL) -> Confirmation:
    return Confirmation(plan.id, plan.digest, channel, BY)


async def finished(engine: Engine, run: Run, seconds: float = 60) -> Run:
    async with asyncio.timeout(seconds):
        while not run.status.is_over:
            run = await engine.wait_run(run.id, 5)
    return run


async def apply(engine: Engine, record: PlanRecord) -> Run:
    return await finished(engine, engine.apply(yes_to(planned(record))))


async def change(engine: Engine, *edits: dict[str, object], workspace: str = "shop") -> PlanRecord:
    made = tuple(Edit.model_validate(edit) for edit in edits)
    return await engine.propose(workspace, PlanChange(made), BY)


async def make_workspace(engine: Engine, name: str = "shop") -> None:
    run = await apply(engine, await engine.propose(None, PlanWorkspace("create", name), BY))
    assert run.status.value == "succeeded", run


def manifest(engine: Engine, workspace: str = "shop") -> str:
    return Path(engine.workspace(workspace).path, "infra", "main.yaml").read_text()


THREE_SERVERS: tuple[dict[str, object], ...] = (
    {"op": "set", "address": "network.private", "value": {"cidr": "10.20.0.0/16"}},
    {
        "op": "set",
        "address": "server.web",
        "value": {"count": 3, "image": "debian-12", "size": "small", "networks": ["${network.private.id}"]},
    },
    {"op": "set", "address": "volume.data", "value": {"size": "10GiB", "server": "${server.web[0].id}"}},
)
