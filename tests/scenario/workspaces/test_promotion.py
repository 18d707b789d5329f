"""What was tried in staging goes to production: the manifest becomes equal, all else stays apart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.facade import Engine
from engine.model.errors import ManifestInvalid, NotFound, Refused
from engine.model.query import ResourceQuery
from engine.model.request import Edit, PlanChange
from tests.scenario.engine.person import BY, apply, change, engine_at, make_workspace, planned, write_home
from tests.scenario.workspaces.files import move, text_of, texts_in, write

NETWORK: dict[str, object] = {"op": "set", "address": "network.private", "value": {"cidr": "10.20.0.0/16"}}
SERVER: dict[str, object] = {
    "op": "set", "address": "server.web", "value": {"image": "debian-12", "networks": ["${network.private.id}"]},
}  # fmt: skip


def state(engine: Engine, workspace: str, *lines: str) -> None:
    """Write `workspace.toml`."""
    write(engine, workspace, "workspace.toml", "\n".join([f'name = "{workspace}"', *lines]))


def infra(engine: Engine, workspace: str) -> dict[str, str]:
    return texts_in(Path(engine.workspace(workspace).path, "infra"))


def addresses(engine: Engine, workspace: str) -> set[str]:
    return {str(each.address) for each in engine.resources(workspace, ResourceQuery()).items}


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    """Staging with a network and a server, production with nothing, both of project shop."""
    write_home(tmp_path)
    with engine_at(tmp_path) as opened:
        for environment in ("staging", "prod"):
            await make_workspace(opened, environment)
            state(opened, environment, 'project = "shop"', f'environment = "{environment}"')
        await apply(opened, await change(opened, NETWORK, SERVER, workspace="staging"))
        yield opened


async def promote(engine: Engine, source: str = "staging", target: str = "prod", *edits: Edit):
    return await engine.propose(target, PlanChange(edits, promote_from=source), BY)


async def test_production_becomes_equal_to_staging_and_gets_objects_of_its_own(engine: Engine) -> None:
    write(engine, "staging", "infra/more.toml", 'provider = "demo"\n')
    write(engine, "prod", "infra/old.yaml", "provider: demo\n")
    plan = planned(await promote(engine))
    assert [(each.path, each.text is None) for each in plan.files] == [
        ("infra/main.yaml", False), ("infra/more.toml", False), ("infra/old.yaml", True),
    ]  # fmt: skip
    assert "+  server:" in plan.files[0].diff
    assert {each.address for each in plan.changes} == {"network.private", "server.web"}
    assert plan.subject == "staging"
    assert plan.warnings == ("infra/ of prod (prod) becomes that of staging (staging), as it stands there now.",)
    run = await apply(engine, engine.plan(plan.id))
    assert run.status.value == "succeeded", run.failure
    assert infra(engine, "prod") == infra(engine, "staging")
    assert addresses(engine, "prod") == addresses(engine, "staging")
    ids = [{each.id for each in engine.resources(name, ResourceQuery()).items} for name in ("prod", "staging")]
    assert not ids[0] & ids[1]
    assert planned(await promote(engine)).is_empty


async def test_settings_of_the_target_stay_and_what_is_no_longer_declared_goes(engine: Engine) -> None:
    await apply(engine, await promote(engine))
    before = text_of(engine, "prod", "workspace.toml")
    await apply(engine, await change(engine, {"op": "remove", "address": "server.web"}, workspace="staging"))
    plan = planned(await promote(engine))
    assert plan.summary()["delete"] == 1
    assert plan.risk.level.value == "high"
    await apply(engine, engine.plan(plan.id))
    assert addresses(engine, "prod") == {"network.private"}
    assert text_of(engine, "prod", "workspace.toml") == before


async def test_edits_are_made_to_what_was_promoted(engine: Engine) -> None:
    larger = Edit(op="set", address="server.web", value={"size": "large"})
    plan = planned(await promote(engine, "staging", "prod", larger))
    assert next(each.after for each in plan.changes if each.address == "server.web")["size"] == "large"  # pyright: ignore[reportOptionalSubscript]


async def test_a_source_that_was_never_applied_or_failed_is_told(engine: Engine) -> None:
    await make_workspace(engine, "dev")
    state(engine, "dev", 'project = "shop"')
    assert "Nothing was ever applied in dev" in planned(await promote(engine, "dev")).warnings[1]
    bad = {"op": "set", "address": "server.bad", "value": {"image": "debian-12", "networks": ["net-none"]}}
    run = await apply(engine, await change(engine, bad, workspace="staging"))
    assert run.status.value == "failed"
    assert f"{run.id}, is failed" in planned(await promote(engine)).warnings[1]


async def test_promotion_is_refused_where_it_can_not_be_meant(engine: Engine) -> None:
    await make_workspace(engine, "other")
    with pytest.raises(Refused, match="other is of no project"):
        await promote(engine, "other")
    state(engine, "other", 'project = "blog"')
    with pytest.raises(Refused, match="of project blog, prod of shop"):
        await promote(engine, "other")
    with pytest.raises(Refused, match="to itself"):
        await promote(engine, "prod")
    with pytest.raises(NotFound, match="stagin"):
        await promote(engine, "stagin")


async def test_a_source_with_problems_is_named_as_the_one_that_has_them(engine: Engine) -> None:
    write(engine, "staging", "infra/main.yaml", "provider: demo\nresources:\n  servr:\n    web: {}\n")
    with pytest.raises(ManifestInvalid, match="the manifest of staging"):
        await promote(engine)
    move(engine, "staging", ".", engine.home / "elsewhere")
    with pytest.raises(Refused, match=r"folder of staging, .*, is not there"):
        await promote(engine)


async def test_a_nickel_file_comes_along_only_with_what_it_imports(engine: Engine) -> None:
    write(engine, "staging", "sizes.ncl", '{ web = "small" }')
    text = 'let s = import "../sizes.ncl" in { provider = "demo", resources.ssh_key.a.labels.size = s.web }'
    write(engine, "staging", "infra/keys.ncl", text)
    with pytest.raises(Refused, match=r"keys\.ncl of staging imports sizes\.ncl"):
        await promote(engine)
    write(engine, "staging", "infra/keys.ncl", '{ provider = "demo", resources.ssh_key.a.labels.size = "small" }')
    plan = planned(await promote(engine))
    assert next(each.labels for each in plan.changes if each.address == "ssh_key.a") == {"size": "small"}
