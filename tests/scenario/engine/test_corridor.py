"""The corridor, end to end on the Demo cloud: plan, confirm, apply, change, drift, destroy, roll back."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.errors import ManifestInvalid, PlanSettled, PlanStale, PolicyDenied, Refused
from engine.model.query import ResourceQuery
from engine.model.request import PlanChange, PlanDestroy, PlanRollback, PlanRun, PlanWorkspace
from engine.providers.demo.cloud import Cloud
from tests.scenario.engine.person import (
    BY,
    THREE_SERVERS,
    apply,
    change,
    engine_at,
    make_workspace,
    manifest,
    planned,
    write_home,
    yes_to,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_home(tmp_path / "home")
    return tmp_path / "home"


async def test_three_servers_are_planned_confirmed_applied_changed_and_destroyed(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        first = planned(await change(engine, *THREE_SERVERS))
        assert first.summary()["create"] == 5
        assert first.steps[0].id == "file:infra/main.yaml:write"
        run = await apply(engine, engine.plan(first.id))
        assert (run.status.value, run.done, run.total) == ("succeeded", 6, 6)
        again = planned(await change(engine))
        assert again.is_empty
        one = planned(
            await change(engine, {"op": "set", "address": "server.web", "value": {"labels": {"tier": "front"}}})
        )
        assert one.summary()["update"] == 3
        assert (await apply(engine, engine.plan(one.id))).status.value == "succeeded"
        found = engine.resources("shop", ResourceQuery(type="server", labels=("tier=front",)))
        assert [str(each.address) for each in found.items] == ["server.web[0]", "server.web[1]", "server.web[2]"]
        leaning = engine.resources("shop", ResourceQuery(depends_on="network.private"))
        assert len(leaning.items) == 4
        gone = planned(await engine.propose("shop", PlanDestroy(), BY))
        assert gone.risk.level.value == "high"
        assert (await apply(engine, engine.plan(gone.id))).status.value == "succeeded"
        assert engine.resources("shop", ResourceQuery()).total == 0
        assert engine.verify_audit().intact


async def test_a_spent_confirmation_cannot_be_spent_twice(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        plan = planned(await change(engine, THREE_SERVERS[0]))
        await apply(engine, engine.plan(plan.id))
        with pytest.raises(PlanSettled):
            engine.apply(yes_to(plan))


async def test_a_plan_on_an_older_serial_is_refused_at_once(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        old = planned(await change(engine, THREE_SERVERS[0]))
        await apply(engine, await change(engine, {"op": "set", "address": "ssh_key.mine", "value": {}}))
        with pytest.raises(PlanStale):
            engine.apply(yes_to(old))


async def test_drift_after_the_plan_stops_the_run_before_any_effect(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, *THREE_SERVERS))
        plan = await change(engine, {"op": "set", "address": "server.web", "value": {"size": "medium"}})
        victim = engine.resource("shop", "server.web[1]").recorded.id
        _tamper(home, victim)
        drift = await engine.drift("shop")
        assert [each.address for each in drift.findings] == ["server.web[1]"]
        run = await apply(engine, plan)
        assert run.status.value == "failed"
        assert run.failure is not None
        assert run.failure.code == "plan_stale"
        assert run.done == 0


@pytest.mark.promise("EDIT-1")
async def test_a_manifest_is_written_only_by_a_confirmed_run(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        before = manifest(engine)
        plan = await change(engine, *THREE_SERVERS)
        assert manifest(engine) == before
        await apply(engine, plan)
        assert "server:" in manifest(engine)
        assert manifest(engine).startswith("# Declare resources here")


async def test_a_rollback_brings_back_what_was_before(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, *THREE_SERVERS))
        text = manifest(engine)
        run = await apply(
            engine,
            await change(engine, {"op": "set", "address": "server.web", "value": {"size": "medium", "count": 2}}),
        )
        assert run.status.value == "succeeded", run.failure
        back = planned(await engine.propose(None, PlanRollback(run.id), BY))
        assert (back.summary()["create"], back.summary()["update"]) == (1, 2)
        undone = await apply(engine, engine.plan(back.id))
        assert undone.status.value == "succeeded", undone.failure
        assert engine.run(run.id).status.value == "rolled_back"
        assert manifest(engine) == text
        assert planned(await change(engine)).is_empty


@pytest.mark.promise("DELETE-1")
async def test_prevent_destroy_is_lifted_in_a_plan_of_its_own(home: Path) -> None:
    keep = {
        "op": "set",
        "address": "network.private",
        "value": {"cidr": "10.20.0.0/16", "lifecycle": {"prevent_destroy": True}},
    }
    with engine_at(home) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, keep))
        with pytest.raises(PolicyDenied):
            await change(engine, {"op": "remove", "address": "network.private"})
        with pytest.raises(PolicyDenied):
            await change(
                engine,
                {"op": "set", "address": "network.private", "value": {"cidr": "10.30.0.0/16", "lifecycle": None}},
            )
        lifted = await apply(
            engine, await change(engine, {"op": "set", "address": "network.private", "value": {"lifecycle": None}})
        )
        assert lifted.status.value == "succeeded", lifted.failure
        gone = await apply(engine, await change(engine, {"op": "remove", "address": "network.private"}))
        assert gone.status.value == "succeeded", gone.failure


async def test_a_replaced_network_keeps_its_servers(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, *THREE_SERVERS))
        plan = planned(
            await change(engine, {"op": "set", "address": "network.private", "value": {"cidr": "10.30.0.0/16"}})
        )
        assert plan.by_address["network.private"].action.value == "replace"
        assert plan.by_address["server.web[0]"].action.value == "update"
        run = await apply(engine, engine.plan(plan.id))
        assert run.status.value == "succeeded", run.failure
        assert planned(await change(engine)).is_empty


async def test_a_wrong_manifest_is_refused_with_every_place(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        bad = {
            "op": "set",
            "address": "server.web",
            "value": {"imag": "debian-12", "networks": ["${network.privat.id}"]},
        }
        with pytest.raises(ManifestInvalid) as wrong:
            await change(engine, bad)
        assert len(wrong.value.problems) >= 2
        assert all(problem.line for problem in wrong.value.problems)


async def test_forgetting_leaves_the_object_and_adopting_takes_it_back(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, THREE_SERVERS[0]))
        object_id = engine.resource("shop", "network.private").recorded.id
        forgotten = await apply(engine, await change(engine, {"op": "forget", "address": "network.private"}))
        assert forgotten.status.value == "succeeded", forgotten.failure
        value = {"id": object_id, "cidr": "10.20.0.0/16"}
        adopted = await apply(
            engine, await change(engine, {"op": "adopt", "address": "network.private", "value": value})
        )
        assert adopted.status.value == "succeeded", adopted.failure
        known = engine.resource("shop", "network.private").recorded
        assert (known.id, known.lineage) == (object_id, "adopted")


async def test_a_failed_run_is_resumed_without_a_second_object(home: Path) -> None:
    fault = '\n[[providers.demo.faults]]\non = "create"\ntype = "server"\nname = "web-1"\nerror = "quota"\n'
    write_home(home, fault)
    with engine_at(home) as engine:
        await make_workspace(engine)
        run = await apply(engine, await change(engine, *THREE_SERVERS))
        assert run.status.value == "failed"
        assert run.failure is not None
        assert (run.failure.code, run.failure.address) == ("quota", "server.web[1]")
        from_engine = await engine.propose("shop", PlanRun("resume", run.id), BY)
        resumed = await apply(engine, from_engine)
        assert resumed.status.value == "succeeded", resumed.failure
        assert planned(await engine.propose("shop", PlanChange(), BY)).is_empty


def _tamper(home: Path, object_id: str) -> None:
    cloud = Cloud(home / "demo" / "cloud.db")
    cloud.tamper(object_id, size="large")
    cloud.close()


async def test_a_workspace_made_in_a_folder_with_files_leaves_them_as_they_are(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / ".gitignore").write_text("mine\n")
    with engine_at(home) as engine:
        run = await apply(engine, await engine.propose(None, PlanWorkspace("create", "shop", str(folder)), BY))
        assert run.status.value == "succeeded", run.failure
        assert (folder / ".gitignore").read_text() == "mine\n"
        assert 'name = "shop"' in (folder / "workspace.toml").read_text()
        with pytest.raises(Refused):
            await engine.propose(None, PlanWorkspace("create", "other", str(folder)), BY)
