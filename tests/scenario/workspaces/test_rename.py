"""A workspace gets another name, and nothing of it is left behind under the old one."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from engine.facade import Engine
from engine.model.errors import Invalid, NotFound, PlanSettled, Refused, RunInProgress
from engine.model.plan_record import PlanRecord
from engine.model.query import ResourceQuery
from engine.model.request import PlanChange, PlanRollback, PlanWorkspace
from engine.secrets.ssh_keys import public_key
from engine.state.database import Database
from engine.state.tables import metadata
from tests.scenario.engine.person import (
    BY,
    THREE_SERVERS,
    apply,
    change,
    engine_at,
    make_workspace,
    planned,
    write_home,
    yes_to,
)
from tests.scenario.workspaces.files import move, text_of, write


async def rename(engine: Engine, old: str, new: str) -> PlanRecord:
    return await engine.propose(None, PlanWorkspace("rename", old, new_name=new), BY)


async def test_everything_of_the_workspace_follows_its_name(tmp_path: Path) -> None:
    write_home(tmp_path)
    with engine_at(tmp_path) as engine:
        await make_workspace(engine)
        folder, uid = Path(engine.workspace("shop").path), engine.workspace("shop").uid
        key_edit: dict[str, object] = {"op": "set", "address": "ssh_key.workspace", "value": {}}
        first = await apply(engine, await change(engine, *THREE_SERVERS, key_edit))
        await engine.drift("shop")
        key, ids = public_key(tmp_path, "shop"), objects(engine, "shop")
        plan = planned(await rename(engine, "shop", "store"))
        assert [each.path for each in plan.files] == ["workspace.toml"]
        assert plan.files[0].diff.count("\n+") == 2, "the head and one line"
        run = await apply(engine, engine.plan(plan.id))
        assert run.status.value == "succeeded", run.failure
        now = engine.workspace("store")
        assert (now.uid, now.path, now.active, now.serial) == (uid, str(folder), True, 1)
        assert objects(engine, "store") == ids
        assert [each.id for each in engine.runs("store").items][1] == first.id
        assert len(engine.plans("store").items) == 3
        assert public_key(tmp_path, "store") == key
        assert 'name = "store"' in text_of(engine, "store", "workspace.toml")
        assert planned(await change(engine, workspace="store")).is_empty
        undone = await apply(engine, await engine.propose(None, PlanRollback(first.id), BY))
        assert undone.status.value == "succeeded", undone.failure
        assert not objects(engine, "store")
        with pytest.raises(NotFound):
            engine.workspace("shop")
    assert left_under(tmp_path, "shop") == []


async def test_comments_of_the_file_stay_and_a_file_without_a_name_is_left_alone(tmp_path: Path) -> None:
    write_home(tmp_path)
    with engine_at(tmp_path) as engine:
        await make_workspace(engine)
        write(engine, "shop", "workspace.toml", '# ours\nname = "shop"  # the name\n\n[values]\na = 1\n')
        await apply(engine, await rename(engine, "shop", "store"))
        assert text_of(engine, "store", "workspace.toml") == '# ours\nname = "store"  # the name\n\n[values]\na = 1\n'
        write(engine, "store", "workspace.toml", "# no name\n")
        plan = planned(await rename(engine, "store", "shop"))
        assert plan.files == ()
        await apply(engine, engine.plan(plan.id))
        assert engine.workspace("shop").active


async def test_pending_plans_end_with_the_old_name(tmp_path: Path) -> None:
    write_home(tmp_path)
    with engine_at(tmp_path) as engine:
        await make_workspace(engine)
        pending, renaming = await change(engine, *THREE_SERVERS), await rename(engine, "shop", "store")
        await apply(engine, renaming)
        with pytest.raises(PlanSettled):
            engine.apply(yes_to(planned(pending)))
        assert not objects(engine, "store")


async def test_it_is_refused_while_a_run_is_at_work(tmp_path: Path) -> None:
    write_home(tmp_path)
    with engine_at(tmp_path) as engine:
        await make_workspace(engine)
    idle = Engine.open(tmp_path, {})
    idle.apply(yes_to(planned(await change(idle, THREE_SERVERS[0]))))
    with pytest.raises(RunInProgress):
        idle.apply(yes_to(planned(await rename(idle, "shop", "store"))))
    assert idle.workspace("shop").active
    idle.close()


async def test_names_that_can_not_be_had_are_refused(tmp_path: Path) -> None:
    write_home(tmp_path)
    with engine_at(tmp_path) as engine:
        await make_workspace(engine)
        await make_workspace(engine, "store")
        await apply(engine, await engine.propose(None, PlanWorkspace("archive", "store"), BY))
        with pytest.raises(Refused, match="store exists already, archived"):
            await rename(engine, "shop", "store")
        with pytest.raises(Refused, match="called so already"):
            await rename(engine, "shop", "shop")
        for wrong in ("", "../x", "Shop", "a" * 40, "shop/x", "x\n"):
            with pytest.raises(Invalid, match="no name for a workspace"):
                await rename(engine, "shop", wrong)
        with pytest.raises(Invalid, match="no workspace nothing"):
            await rename(engine, "nothing", "something")
        (tmp_path / "secrets" / "free").mkdir(parents=True)
        with pytest.raises(Refused, match="secrets of no workspace"):
            await rename(engine, "shop", "free")


async def test_a_file_that_can_not_be_edited_stops_the_plan(tmp_path: Path) -> None:
    write_home(tmp_path)
    with engine_at(tmp_path) as engine:
        await make_workspace(engine)
        for text, said in (("name = ", "This is not TOML"), ('name = "else"', "names the workspace 'else'")):
            write(engine, "shop", "workspace.toml", text)
            with pytest.raises(Invalid, match=said):
                await rename(engine, "shop", "store")
        move(engine, "shop", ".", tmp_path / "elsewhere")
        with pytest.raises(Invalid, match="can't be edited"):
            await rename(engine, "shop", "store")


async def test_two_workspaces_that_want_the_same_name_do_not_both_get_it(tmp_path: Path) -> None:
    write_home(tmp_path)
    with engine_at(tmp_path) as engine:
        for name in ("one", "two"):
            await make_workspace(engine, name)
        plans = [await rename(engine, name, "three") for name in ("one", "two")]
        runs = [await apply(engine, each) for each in plans]
        assert [each.status.value for each in runs] == ["succeeded", "failed"]
        assert runs[1].failure is not None
        assert "three exists already" in runs[1].failure.message
        assert {each.name for each in engine.workspaces()} == {"three", "two"}
        assert planned(await engine.propose("three", PlanChange(), BY)).is_empty


def objects(engine: Engine, name: str) -> dict[str, str]:
    return {str(each.address): each.id for each in engine.resources(name, ResourceQuery()).items}


def left_under(home: Path, name: str) -> list[str]:
    """Tables that still keep something under a name, and the folder of its secrets."""
    database = Database.open("", home / "state")
    with database.read() as connection:
        tables = [table for table in metadata.tables.values() if "workspace" in table.c]
        found = [t.name for t in tables if connection.execute(select(t).where(t.c.workspace == name)).first()]
    database.close()
    return found + ["secrets"] * (home / "secrets" / name).exists()
