"""No bypass by approvals, at the engine's own door: what is not signed by an accepted approver, or was spent, runs nothing."""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from engine.facade import Engine
from engine.model.approval import Approval
from engine.model.confirmation import Channel, Confirmation
from engine.model.errors import (
    ApprovalInvalid,
    ConfirmationInvalid,
    GroundplanError,
    PlanExpired,
    PlanSettled,
    PlanStale,
    PolicyDenied,
)
from engine.model.plan import Plan
from engine.model.principal import Principal
from engine.model.request import PlanDestroy
from engine.state.tables import plan as plan_table
from engine.state.tables import spent_approval
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
)
from tests.unit.approval.signed import approval_of, new_key

ADA, BOB = new_key(), new_key()
LISTED = f'\n[approvers]\nada = "{ADA[1]}"\n'
LABEL: dict[str, object] = {"op": "set", "address": "server.web", "value": {"labels": {"tier": "front"}}}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_home(tmp_path / "home", LISTED)
    return tmp_path / "home"


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    with engine_at(home) as opened:
        opened.accept_consent_rules(BY)
        yield opened


def signed(plan: Plan, approval: Approval | None = None) -> Confirmation:
    given = approval or approval_of(plan, ADA[0])
    return Confirmation(plan.id, plan.digest, Channel.APPROVAL, Principal(user="ada", door="approval"), given)


async def _plan(engine: Engine) -> Plan:
    await make_workspace(engine)
    return planned(await change(engine, *THREE_SERVERS))


@pytest.mark.promise("APPROVAL-1")
async def test_an_approved_plan_runs_and_the_audit_log_names_the_approver(engine: Engine) -> None:
    plan = await _plan(engine)
    confirmation = signed(plan)
    run = await finished(engine, engine.apply(confirmation))
    assert run.status.value == "succeeded"
    line = next(each for each in reversed(engine.audit_tail(200)) if each["event"] == "plan.confirmed")
    assert confirmation.approval is not None
    assert (line["by"], line["channel"], line["approval"]) == (
        "ada over approval",
        "approval",
        confirmation.approval.id,
    )


@pytest.mark.promise("APPROVAL-1")
async def test_a_high_risk_plan_may_be_approved_too(engine: Engine) -> None:
    await apply(engine, engine.plan((await _plan(engine)).id))
    gone = planned(await engine.propose("shop", PlanDestroy(), BY))
    assert (await finished(engine, engine.apply(signed(gone)))).status.value == "succeeded"


@pytest.mark.promise("APPROVAL-1")
async def test_without_an_honest_approval_nothing_runs(engine: Engine) -> None:
    plan = await _plan(engine)
    other = planned(await change(engine, THREE_SERVERS[0]))
    honest = approval_of(plan, ADA[0])
    for approval in (
        approval_of(plan, BOB[0]),
        approval_of(plan, BOB[0], key=ADA[0].fingerprint),
        approval_of(other, ADA[0]),
        honest.model_copy(update={"signature": "0" * 128}),
        honest.model_copy(update={"plan_id": other.id}),
        approval_of(plan, ADA[0], workspace="other"),
        approval_of(plan, ADA[0], accounts=()),
    ):
        with pytest.raises(ApprovalInvalid):
            engine.apply(signed(plan, approval))
    for wrong in (
        dataclasses.replace(signed(plan), approval=None),
        dataclasses.replace(signed(plan), channel=Channel.TERMINAL),
        dataclasses.replace(signed(plan), principal=Principal(user="mallory", door="approval")),
        dataclasses.replace(signed(plan), digest=other.digest),
    ):
        with pytest.raises(ConfirmationInvalid):
            engine.apply(wrong)
    assert len(engine.runs("shop").items) == 1
    refused = [each for each in engine.audit_tail(200) if each["event"] == "plan.not_applied"]
    assert len(refused) == 11


@pytest.mark.promise("APPROVAL-2")
async def test_a_spent_approval_is_spent(engine: Engine) -> None:
    plan = await _plan(engine)
    confirmation = signed(plan)
    await finished(engine, engine.apply(confirmation))
    for _ in range(20):
        with pytest.raises(PlanSettled):
            engine.apply(confirmation)
    with pytest.raises(PlanSettled):
        engine.apply(signed(plan))
    assert len(engine.runs("shop").items) == 2


@pytest.mark.promise("APPROVAL-2")
async def test_it_is_spent_even_where_its_plan_came_back_to_life(engine: Engine) -> None:
    plan = await _plan(engine)
    confirmation = signed(plan)
    run = await finished(engine, engine.apply(confirmation))
    database = engine._database
    with database.write() as connection:
        connection.execute(update(plan_table).where(plan_table.c.id == plan.id).values(status="pending", run_id=""))
        connection.exec_driver_sql(f"UPDATE workspace SET serial = {plan.serial}")
        connection.exec_driver_sql("DELETE FROM serial")
        connection.exec_driver_sql("DELETE FROM run")
        connection.exec_driver_sql("DELETE FROM confirmation")
    with pytest.raises(ApprovalInvalid, match=f"spent before, on run {run.id}"):
        engine.apply(confirmation)


@pytest.mark.promise("APPROVAL-2")
async def test_many_pipelines_at_once_start_one_run(engine: Engine, home: Path) -> None:
    plan = await _plan(engine)
    confirmation, ran, refused = signed(plan), list[str](), list[GroundplanError]()
    gate = threading.Barrier(8)

    def pipeline() -> None:
        gate.wait()
        try:
            ran.append(engine.apply(confirmation).id)
        except GroundplanError as error:
            refused.append(error)

    threads = [threading.Thread(target=pipeline) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(ran), len(refused)) == (1, 7)
    with engine._database.read() as connection:
        assert [row.run_id for row in connection.execute(select(spent_approval.c.run_id))] == ran
    assert (await finished(engine, engine.run(ran[0]))).status.value == "succeeded"


@pytest.mark.promise("APPROVAL-1")
@pytest.mark.promise("CONSENT-5")
async def test_a_workspace_can_take_the_channel_away(engine: Engine) -> None:
    plan = await _plan(engine)
    folder = Path(engine.workspace("shop").path)
    (folder / "workspace.toml").write_text('name = "shop"\n[consent]\nlow = ["page", "terminal"]\n')
    with pytest.raises(PolicyDenied, match="can't be confirmed by approval"):
        engine.apply(signed(plan))


@pytest.mark.promise("APPROVAL-3")
async def test_a_config_file_alone_makes_nobody_an_approver(home: Path) -> None:
    with engine_at(home) as engine:
        plan = await _plan(engine)
        with pytest.raises(ApprovalInvalid, match="nobody accepted it yet"):
            engine.apply(signed(plan))
        told = engine.consent_rules()
        assert told["not_accepted_yet"] == [f"plans may be approved beforehand by ada ({ADA[0].fingerprint})"]
        assert told["approvers"] == [{"name": "ada", "key": ADA[0].fingerprint, "accepted": False}]
        engine.accept_consent_rules(BY)
        assert engine.consent_rules()["not_accepted_yet"] == []
    _list(home, "")
    with engine_at(home) as engine, pytest.raises(ApprovalInvalid, match="not among"):
        engine.apply(signed(plan))
    _list(home, LISTED)
    with engine_at(home) as engine:
        assert [each["event"] for each in engine.audit_tail(200)].count("approver.dropped") == 1
        with pytest.raises(ApprovalInvalid, match="nobody accepted it yet"):
            engine.apply(signed(plan))
        engine.accept_consent_rules(BY)
        assert (await finished(engine, engine.apply(signed(plan)))).status.value == "succeeded"


@pytest.mark.promise("APPROVAL-3")
async def test_the_environment_makes_nobody_an_approver(home: Path) -> None:
    _list(home, "")
    engine = Engine.open(home, {"GROUNDPLAN_APPROVERS__ADA": ADA[1]})
    try:
        plan = await _plan_of(engine)
        with pytest.raises(ApprovalInvalid, match="nobody accepted it yet"):
            engine.apply(signed(plan))
    finally:
        engine.close()


async def test_an_approval_does_not_outlive_what_it_is_for(engine: Engine) -> None:
    await apply(engine, engine.plan((await _plan(engine)).id))
    first, second = planned(await change(engine, LABEL)), planned(await change(engine, LABEL))
    await finished(engine, engine.apply(signed(first)))
    with pytest.raises(PlanStale):
        engine.apply(signed(second))
    third = planned(await change(engine, {**LABEL, "value": {"labels": {"tier": "back"}}}))
    with engine._database.write() as connection:
        connection.execute(update(plan_table).where(plan_table.c.id == third.id).values(expires_at=time.time() - 1))
    with pytest.raises(PlanExpired):
        engine.apply(signed(third))


async def test_a_plan_edited_in_the_store_is_not_what_was_approved(engine: Engine) -> None:
    plan = await _plan(engine)
    confirmation = signed(plan)
    with engine._database.write() as connection:
        body = connection.execute(select(plan_table.c.body).where(plan_table.c.id == plan.id)).scalar_one()
        edited = {**json.loads(body), "by": {"user": "mallory", "door": "cli", "client": ""}}
        connection.execute(update(plan_table).where(plan_table.c.id == plan.id).values(body=json.dumps(edited)))
    engine._plans._parsed.clear()
    with pytest.raises(ApprovalInvalid, match="another text"):
        engine.apply(confirmation)


async def _plan_of(engine: Engine) -> Plan:
    engine.ensure_demo_workspace()
    return planned(await change(engine, THREE_SERVERS[0], workspace="demo"))


def _list(home: Path, approvers: str) -> None:
    write_home(home, approvers)
