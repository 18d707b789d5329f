"""Every workspace template, tried without being told of it: created, planned, applied, and destroyed again."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.facade import Engine
from engine.model.errors import Invalid, PolicyDenied
from engine.model.plan import Plan
from engine.model.query import ResourceQuery
from engine.model.request import Edit, PlanChange, PlanDestroy, PlanWorkspace
from tests.scenario.engine.person import BY, apply, engine_at, planned, write_home
from tests.scenario.workspaces.files import texts_in

FOLDER = Path(engine.__file__).parent / "workspace_templates"
TEMPLATES = sorted(each.name for each in FOLDER.iterdir() if each.is_dir())


async def made(engine: Engine, template: str) -> Plan:
    """The first plan of a workspace of the template."""
    run = await apply(engine, await engine.propose(None, PlanWorkspace("create", "shop", template=template), BY))
    assert run.status.value == "succeeded", run.failure
    return planned(await engine.propose("shop", PlanChange(), BY))


def test_the_catalogue_names_every_template_with_what_it_is_for(tmp_path: Path) -> None:
    write_home(tmp_path)
    with engine_at(tmp_path) as engine:
        told = engine.describe()["workspace_templates"]
    assert sorted(told) == TEMPLATES
    assert all(told.values())


@pytest.mark.parametrize("template", TEMPLATES)
async def test_a_template_plans_applies_plans_empty_and_is_destroyed(tmp_path: Path, template: str) -> None:
    write_home(tmp_path)
    with engine_at(tmp_path) as engine:
        first = await made(engine, template)
        assert not first.warnings
        assert {each.action.value for each in first.changes} <= {"create"}
        if first.is_empty:
            return
        run = await apply(engine, engine.plan(first.id))
        assert run.status.value == "succeeded", run.failure
        assert planned(await engine.propose("shop", PlanChange(), BY)).is_empty
        assert engine.check_rules("shop").violations == ()
        await lift_protection(engine)
        run = await apply(engine, await engine.propose("shop", PlanDestroy(), BY))
        assert run.status.value == "succeeded", run.failure
        assert not engine.resources("shop", ResourceQuery()).items


@pytest.mark.parametrize("template", TEMPLATES)
async def test_a_template_names_its_workspace_and_says_what_it_is(tmp_path: Path, template: str) -> None:
    write_home(tmp_path)
    with engine_at(tmp_path) as engine:
        await made(engine, template)
        folder = Path(engine.workspace("shop").path)
        texts = texts_in(folder)
        assert 'name = "shop"' in texts["workspace.toml"]
        assert "docs/README.md" in texts
        assert not [path for path, text in texts.items() if "WORKSPACE_NAME" in text]
        for environment in ("dev", "prod"):
            assert engine.setting("shop", "environment", environment=environment).value == environment


async def test_a_template_that_there_is_not_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    write_home(tmp_path)
    with engine_at(tmp_path) as engine:
        for wrong in ("webb", "../blank", "", "summaries.toml"):
            with pytest.raises(Invalid, match="no template") as refused:
                await engine.propose(None, PlanWorkspace("create", "shop", template=wrong), BY)
            assert "blank, demo, web" in refused.value.hint


async def lift_protection(engine: Engine) -> None:
    """What a template protects is let go in a plan of its own; destroying it before that is denied."""
    kept = [each for each in engine.resources("shop", ResourceQuery()).items if each.prevent_destroy]
    if not kept:
        return
    with pytest.raises(PolicyDenied):
        await engine.propose("shop", PlanDestroy(), BY)
    take_away(Path(engine.workspace("shop").path, "policies", "rules.yaml"))
    lifted = {"lifecycle": {"prevent_destroy": False}}
    edits = tuple(Edit(op="set", address=str(each.address), value=lifted) for each in kept)
    run = await apply(engine, await engine.propose("shop", PlanChange(edits), BY))
    assert run.status.value == "succeeded", run.failure


def take_away(file: Path) -> None:
    file.unlink()
