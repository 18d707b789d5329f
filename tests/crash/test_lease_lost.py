"""A run whose walk stopped because the lease seemed lost goes on, also in the very process that stopped it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.model.errors import LeaseLost
from engine.orchestrator.conductor import Conductor
from engine.state.leases import Lease
from tests.scenario.engine.person import change, engine_at, finished, make_workspace, planned, write_home, yes_to


@pytest.mark.promise("DURABLE-1")
async def test_a_run_that_lost_the_lease_is_begun_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_home(tmp_path)
    begun: Counter[str] = Counter()
    conduct = Conductor.conduct

    async def lose_it_once(self: Conductor, run_id: str, lease: Lease, holds_lease: Callable[[], bool]) -> None:
        begun[run_id] += 1
        if begun[run_id] == 1:
            raise LeaseLost("the clock jumped.")
        await conduct(self, run_id, lease, holds_lease)

    with engine_at(tmp_path) as engine:
        await make_workspace(engine)
        monkeypatch.setattr(Conductor, "conduct", lose_it_once)
        for number in range(4):
            edit: dict[str, object] = {"op": "set", "address": f"ssh_key.k{number}", "value": {}}
            plan = planned(await change(engine, edit))
            run = await finished(engine, engine.apply(yes_to(plan)), 30)
            assert run.status.value == "succeeded", run.failure
            assert begun[run.id] == 2
