"""kill -9 while a workspace is renamed or imported: afterwards it is whole, under one name, in one folder."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.facade import Engine
from engine.model.query import ResourceQuery
from engine.model.request import PlanChange, PlanWorkspace
from engine.secrets.ssh_keys import public_key
from tests.crash.copied_home import copy_home
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
    yes_to,
)
from tests.scenario.workspaces.files import texts_in

ROOT = Path(__file__).parents[2]
COMMITS = [(point, number) for point in ("before-commit", "after-commit") for number in (1, 2, 3, 4)]
RENAMING = [*COMMITS, ("secrets", 1), ("renamed", 1)]
ARRIVING = [*COMMITS[:2], *COMMITS[4:6], ("file", 1), ("file", 3), ("unpacked", 1), ("arrived", 1)]
RESOURCES = 5


async def _lived(home: Path) -> None:
    write_home(home, lease=0.4)
    with engine_at(home) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, *THREE_SERVERS))


async def _confirmed(home: Path, request: PlanWorkspace) -> str:
    """A run that nobody has begun; its id."""
    idle = Engine.open(home, {})
    run = idle.apply(yes_to(planned(await idle.propose(None, request, BY))))
    idle.close()
    return run.id


@pytest.fixture(scope="module")
def to_rename(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A home with a confirmed renaming, its run, and the workspace's key."""
    home = tmp_path_factory.mktemp("rename") / "home"
    asyncio.run(_lived(home))
    run_id = asyncio.run(_confirmed(home, PlanWorkspace("rename", "shop", new_name="store")))
    return home, run_id, public_key(home, "shop").split()[1]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("bundle")
    asyncio.run(_lived(base / "home"))
    engine = Engine.open(base / "home", {})
    engine.export("shop", base / "shop.tar.gz", BY)
    engine.close()
    return base / "shop.tar.gz"


def _kill(home: Path, run_id: str, point: str, number: int) -> None:
    command = [sys.executable, "-m", "tests.crash.home_victim", str(home), run_id, point, str(number)]
    victim = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert victim.returncode == -signal.SIGKILL, victim.stderr


@pytest.mark.promise("WORKSPACE-3")
@pytest.mark.parametrize(("point", "number"), RENAMING)
def test_a_killed_renaming_ends_under_the_new_name_with_everything(
    to_rename: tuple[Path, str, str], tmp_path: Path, point: str, number: int
) -> None:
    prepared, run_id, key = to_rename
    home = tmp_path / "home"
    copy_home(prepared, home)
    _kill(home, run_id, point, number)
    asyncio.run(_is_renamed(home, run_id))
    assert public_key(home, "store").split()[1] == key
    assert not (home / "secrets" / "shop").exists()


async def _is_renamed(home: Path, run_id: str) -> None:
    with engine_at(home) as engine:
        run = await finished(engine, engine.run(run_id))
        assert run.status.value == "succeeded", run.failure
        assert [(each.name, each.active) for each in engine.workspaces(archived=True)] == [("store", True)]
        assert len(engine.resources("store", ResourceQuery()).items) == RESOURCES
        assert planned(await engine.propose("store", PlanChange(), BY)).is_empty
        assert 'name = "store"' in texts_in(Path(engine.workspace("store").path))["workspace.toml"]
        assert engine.verify_audit().intact


@pytest.mark.promise("WORKSPACE-3")
@pytest.mark.parametrize(("point", "number"), ARRIVING)
def test_a_killed_import_ends_with_the_workspace_whole_and_once(
    bundle: Path, tmp_path: Path, point: str, number: int
) -> None:
    home, folder = tmp_path / "home", tmp_path / "shop"
    write_home(home, lease=0.4)
    run_id = asyncio.run(_confirmed(home, PlanWorkspace("import", "", str(folder), bundle=str(bundle))))
    _kill(home, run_id, point, number)
    half = folder.exists() and texts_in(folder) != texts_in(bundle.parent / "home" / "workspaces" / "shop")
    assert not half, "the folder is there whole, or not at all"
    asyncio.run(_has_arrived(home, run_id))
    assert texts_in(folder) == texts_in(bundle.parent / "home" / "workspaces" / "shop")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["home", "shop"]


async def _has_arrived(home: Path, run_id: str) -> None:
    with engine_at(home) as engine:
        run = await finished(engine, engine.run(run_id))
        assert run.status.value == "succeeded", run.failure
        assert [(each.name, each.serial) for each in engine.workspaces()] == [("shop", 1)]
        assert len(engine.resources("shop", ResourceQuery()).items) == RESOURCES
        assert engine.verify_audit().intact
