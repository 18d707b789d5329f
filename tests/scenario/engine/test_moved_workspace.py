"""The folder of a workspace goes elsewhere, or is not there for a while."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.model.errors import ManifestInvalid, Refused
from engine.model.request import PlanWorkspace
from tests.scenario.engine.person import (
    BY,
    THREE_SERVERS,
    apply,
    change,
    engine_at,
    make_workspace,
    planned,
    write_home,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_home(tmp_path / "home")
    return tmp_path / "home"


async def test_a_folder_that_is_not_there_is_no_wish_to_delete_everything(home: Path, tmp_path: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, *THREE_SERVERS))
        shutil.move(engine.workspace("shop").path, tmp_path / "elsewhere")
        with pytest.raises(ManifestInvalid, match="folder is not there"):
            await change(engine)


async def test_an_archived_workspace_comes_back_in_another_folder_with_its_state(home: Path, tmp_path: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, *THREE_SERVERS))
        before = engine.workspace("shop")
        moved = tmp_path / "elsewhere"
        shutil.move(before.path, moved)
        with pytest.raises(Refused, match="exists already"):
            await engine.propose(None, PlanWorkspace("register", "shop", str(moved)), BY)
        await apply(engine, await engine.propose(None, PlanWorkspace("archive", "shop"), BY))
        back = planned(await engine.propose(None, PlanWorkspace("register", "shop", str(moved)), BY))
        assert f"in {moved} and no more in {before.path}" in back.changes[0].reason
        assert (await apply(engine, engine.plan(back.id))).status.value == "succeeded"
        assert (engine.workspace("shop").path, engine.workspace("shop").uid) == (str(moved), before.uid)
        assert planned(await change(engine)).is_empty


async def test_no_new_workspace_takes_the_state_of_an_archived_one(home: Path, tmp_path: Path) -> None:
    with engine_at(home) as engine:
        await make_workspace(engine)
        await apply(engine, await engine.propose(None, PlanWorkspace("archive", "shop"), BY))
        with pytest.raises(Refused, match="is archived"):
            await engine.propose(None, PlanWorkspace("create", "shop", str(tmp_path / "new")), BY)
