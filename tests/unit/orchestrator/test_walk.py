"""The walk comes to rest before the run ends, whatever stopped it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.resource import Observed
from engine.providers.contract import Wish
from engine.providers.demo.provider import DemoProvider
from tests.scenario.engine.person import apply, change, engine_at, make_workspace, write_home

create = DemoProvider.create


async def broken_create(self: DemoProvider, wish: Wish) -> Observed:
    if wish.name == "bad":
        raise RuntimeError("a bug in the provider")
    return await create(self, wish)


async def test_a_bug_in_one_step_leaves_no_other_step_unwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_home(tmp_path / "home", "\n[providers.demo]\nlatency = { create = 0.2 }\n")
    monkeypatch.setattr(DemoProvider, "create", broken_create)
    with engine_at(tmp_path / "home") as engine:
        await make_workspace(engine)
        keys = [{"op": "set", "address": f"ssh_key.{name}", "value": {}} for name in ("bad", "one", "two")]
        run = await apply(engine, await change(engine, *keys))
        assert run.status.value == "failed"
        assert run.failure is not None
        assert run.failure.code == "internal"
        left = {step.address for step in run.steps if step.status.value == "started"}
        assert left == {"ssh_key.bad"}
