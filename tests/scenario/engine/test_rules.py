"""Rules of a workspace in the corridor: deny blocks, warn warns, and what a plan did not bring about it may leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.facade import Engine
from engine.model.action import Action
from engine.model.errors import ManifestInvalid, PlanSettled, PlanStale, PolicyDenied
from engine.model.plan import PlanStatus
from engine.model.request import Edit, PlanDestroy, PlanRollback
from tests.scenario.engine.person import (
    BY,
    apply,
    change,
    engine_at,
    make_workspace,
    manifest,
    planned,
    write_home,
    yes_to,
)

NO_SSH = "- name: no-public-ssh\n  require: {closed_ports: [22]}\n"
GUARDED = "- name: guarded\n  when: {type: server}\n  require: {related: {type: firewall}}\n"
WITH_DATA = "- name: with-data\n  when: {type: server}\n  require: {related: {type: volume}}\n"
OPEN: dict[str, object] = {
    "op": "set",
    "address": "firewall.edge",
    "value": {"rules": [{"ports": "22"}, {"ports": "443"}]},
}
EDGE: dict[str, object] = {"op": "set", "address": "firewall.edge", "value": {"rules": [{"ports": "443"}]}}
WEB: dict[str, object] = {"op": "set", "address": "server.web", "value": {"image": "debian-12", "size": "small"}}
DATA: dict[str, object] = {
    "op": "set",
    "address": "volume.data",
    "value": {"size": "10GiB", "server": "${server.web.id}"},
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_home(tmp_path / "home")
    return tmp_path / "home"


def demand(engine: Engine, *rules: str) -> Path:
    file = Path(engine.workspace("shop").path, "policies", "rules.yaml")
    file.parent.mkdir(exist_ok=True)
    file.write_text("rules:\n" + "".join(rules) if rules else "rules: []\n")
    return file


def _edits(engine: Engine) -> list[Edit]:
    return [each.edit for each in engine.check_rules("shop").violations if each.edit]


@pytest.mark.promise("RULES-1")
async def test_a_plan_that_breaks_a_deny_rule_cannot_be_confirmed(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        demand(engine, NO_SSH)
        with pytest.raises(PolicyDenied) as denied:
            await change(engine, OPEN)
        assert "firewall.edge: port 22 is open to 0.0.0.0/0, ::/0 (rule no-public-ssh)." in str(denied.value)
        assert "infra/main.yaml:" in str(denied.value)
        line = engine.audit_tail(1)[0]
        assert line["event"] == "plan.denied"
        record = engine.plan(line["plan"])
        assert (record.status, record.plan) == (PlanStatus.FAILED, None)
        assert record.failure is not None
        assert record.failure.code == "policy_denied"
        made = planned(await change(engine, EDGE))
        with pytest.raises(PlanSettled):
            engine.apply(yes_to(made.model_copy(update={"id": record.id})))


@pytest.mark.promise("RULES-1")
async def test_a_rule_that_is_written_after_the_plan_still_counts(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        plan = planned(await change(engine, OPEN))
        file = demand(engine, NO_SSH)
        with pytest.raises(PlanStale, match=r"policies/rules\.yaml changed since the plan was made"):
            engine.apply(yes_to(plan))
        file.write_text("rules: [")
        with pytest.raises(PlanStale):
            engine.apply(yes_to(plan))
        file.unlink()
        assert (await apply(engine, engine.plan(plan.id))).status.value == "succeeded"


async def test_the_edit_of_a_denial_satisfies_the_rule(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, OPEN, WEB))
        demand(engine, NO_SSH, GUARDED)
        suggested = _edits(engine)
        assert [each.address for each in suggested] == ["firewall.edge", "server.web"]
        made = await change(engine, *(each.model_dump() for each in suggested))
        assert planned(made).warnings == ()
        assert (await apply(engine, made)).status.value == "succeeded"
        assert engine.check_rules("shop").violations == ()
        assert planned(await change(engine)).is_empty


async def test_a_warn_rule_warns_and_blocks_nothing(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        demand(engine, NO_SSH.replace("\n", "\n  severity: warn\n", 1))
        made = await change(engine, OPEN)
        assert [each for each in planned(made).warnings if "rule no-public-ssh" in each]
        assert (await apply(engine, made)).status.value == "succeeded"


async def test_what_was_violated_before_is_told_and_blocks_nothing_else(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, OPEN, WEB))
        demand(engine, NO_SSH)
        made = planned(await change(engine, {"op": "set", "address": "server.web", "value": {"size": "medium"}}))
        assert [each for each in made.warnings if each.endswith("That is not of this plan's making.")]
        with pytest.raises(PolicyDenied, match="no-public-ssh"):
            await change(engine, {"op": "set", "address": "firewall.edge", "value": {"labels": {"a": "b"}}})


async def test_taking_away_what_another_resource_needs_is_denied(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        demand(engine, WITH_DATA)
        await apply(engine, await change(engine, WEB, DATA))
        with pytest.raises(PolicyDenied, match=r"server\.web: has no volume"):
            await change(engine, {"op": "remove", "address": "volume.data"})


async def test_what_has_to_exist_keeps_nobody_from_deleting(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, WEB, DATA))
        demand(engine, WITH_DATA)
        part = await engine.propose("shop", PlanDestroy(("volume.data",)), BY)
        assert [each for each in planned(part).warnings if "has no volume" in each]
        whole = await engine.propose("shop", PlanDestroy(), BY)
        assert planned(whole).warnings == ()
        assert (await apply(engine, whole)).status.value == "succeeded"


async def test_a_limit_of_deletes_holds_for_every_kind_of_plan(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        run = await apply(engine, await change(engine, WEB, DATA))
        demand(engine, "- name: careful\n  require: {most_changes: {delete: 1}}\n")
        with pytest.raises(PolicyDenied, match="it would delete 2 resources"):
            await engine.propose("shop", PlanDestroy(), BY)
        with pytest.raises(PolicyDenied, match="it would delete 2 resources"):
            await engine.propose("shop", PlanRollback(run.id), BY)
        await engine.propose("shop", PlanDestroy(("volume.data",)), BY)


async def test_a_limit_of_cost_denies_what_costs_more_and_nothing_that_saves(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, {**WEB, "value": {"image": "debian-12", "size": "large"}}))
        demand(engine, "- name: budget\n  require: {monthly_cost: {max: 1}}\n")
        with pytest.raises(PolicyDenied, match=r"1\.00 is the limit"):
            await change(engine, DATA)
        less = planned(await change(engine, {"op": "set", "address": "server.web", "value": {"size": "medium"}}))
        assert [each for each in less.warnings if "(rule budget)" in each]


async def test_what_the_provider_chose_counts_for_an_object_that_exists(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, WEB))
        chosen = engine.resource("shop", "server.web").recorded.properties["region"]
        region = f"- name: here\n  when: {{type: server}}\n  require: {{regions: [{chosen}]}}\n"
        demand(engine, region)
        made = planned(await change(engine, {"op": "set", "address": "server.web", "value": {"size": "medium"}}))
        assert made.warnings == ()
        assert engine.check_rules("shop").violations == ()
        with pytest.raises(PolicyDenied, match="region is left to the provider"):
            await change(engine, {**WEB, "address": "server.other"})


async def test_a_workspace_rule_allows_nothing_that_a_standing_rule_denies(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        safe = {"size": "10GiB", "lifecycle": {"prevent_destroy": True}}
        await apply(engine, await change(engine, {"op": "set", "address": "volume.data", "value": safe}))
        demand(engine, "- name: loose\n  require: {prevent_destroy: false, most_changes: {}}\n")
        with pytest.raises(PolicyDenied, match="has prevent_destroy"):
            await engine.propose("shop", PlanDestroy(), BY)


async def test_bad_rules_stop_a_plan_and_name_every_place(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        demand(
            engine,
            "- name: a\n  require: {closed_port: 22}\n",
            "- name: b\n  when: {type: servr}\n  require: {labels: [x]}\n",
        )
        with pytest.raises(ManifestInvalid) as wrong:
            await change(engine, WEB)
        assert [each.line for each in wrong.value.problems] == [3, 5]
        assert "infra" not in manifest(engine)


async def test_the_rules_are_part_of_what_is_confirmed(home: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        free = planned(await change(engine, EDGE))
        demand(engine, NO_SSH)
        ruled = planned(await change(engine, EDGE))
        assert free.decision.rules == ""
        assert ruled.decision.rules
        assert free.digest != ruled.digest
        assert ruled.effective[0].action is Action.CREATE
