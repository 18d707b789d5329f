"""A workspace leaves a home in one file and arrives in another with everything that it owns, and without its secrets."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from engine.facade import Engine
from engine.model.errors import Invalid, NotFound, Refused
from engine.model.plan_record import PlanRecord
from engine.model.request import PlanDestroy, PlanRollback, PlanWorkspace
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
from tests.scenario.workspaces.files import text_of, texts_in, write

CANARY = "correct-horse-battery-staple"


async def import_(engine: Engine, bundle: Path, name: str = "", path: str = "") -> PlanRecord:
    return await engine.propose(None, PlanWorkspace("import", name, path, bundle=str(bundle)), BY)


async def exported(home: Path, out: Path) -> None:
    """A bundle of a workspace that has lived: built, changed, with a server made a second time."""
    write_home(home)
    with engine_at(home) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, *THREE_SERVERS))
        again: dict[str, object] = {"op": "set", "address": "server.web", "value": {"image": "debian-13"}}
        await apply(engine, await change(engine, again))
        engine.export("shop", out, BY)


def share_cloud(source: Path, target: Path) -> None:
    """Both homes look at one simulated cloud, as two would at one account."""
    (target / "demo").symlink_to(source / "demo")


async def test_a_workspace_comes_back_elsewhere_with_all_that_it_owns(tmp_path: Path) -> None:
    first, second, out = tmp_path / "one", tmp_path / "two", tmp_path / "shop.tar.gz"
    await exported(first, out)
    write_home(second)
    share_cloud(first, second)
    with engine_at(second) as engine:
        plan = planned(await import_(engine, out, path=str(tmp_path / "folder")))
        after = plan.changes[0].after or {}
        assert (after["files"], after["resources"], after["serial"]) == (4, 5, 2)
        assert after["sha256"] == engine.bundle(out).sha256
        assert after["owns"][0].startswith("network.private (demo net-")
        assert "manages 5 objects as its own" in plan.warnings[0]
        run = await apply(engine, engine.plan(plan.id))
        assert run.status.value == "succeeded", run.failure
        assert texts_in(tmp_path / "folder") == texts_in(first / "workspaces" / "shop")
        assert engine.workspace().name == "shop"
        assert planned(await change(engine)).is_empty
        seen = engine.resource("shop", "server.web[0]")
        assert [each.action for each in seen.history] == ["create", "create"]
        gone = await apply(engine, await engine.propose("shop", PlanDestroy(), BY))
        assert gone.status.value == "succeeded", gone.failure
    with engine_at(first) as engine:
        assert {each.kind for each in (await engine.drift("shop")).findings} == {"missing"}
        assert engine.workspace("shop").uid


async def test_it_may_be_called_otherwise_and_goes_on_with_its_serials(tmp_path: Path) -> None:
    first, second, out = tmp_path / "one", tmp_path / "two", tmp_path / "shop.tar.gz"
    await exported(first, out)
    write_home(second)
    share_cloud(first, second)
    with engine_at(second) as engine:
        uid = engine.bundle(out).uid
        await apply(engine, await import_(engine, out, "store"))
        assert (engine.workspace("store").uid, engine.workspace("store").serial) == (uid, 2)
        assert 'name = "store"' in text_of(engine, "store", "workspace.toml")
        run = await apply(engine, await change(engine, {"op": "remove", "address": "volume.data"}, workspace="store"))
        assert run.serial == 3
        back = await apply(engine, await engine.propose(None, PlanRollback(run.id), BY))
        assert back.status.value == "succeeded", back.failure
        with pytest.raises(NotFound):
            engine.workspace("shop")


async def test_the_same_state_is_the_same_bytes_and_nothing_is_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "a.tar.gz"
    await exported(tmp_path / "home", out)
    with engine_at(tmp_path / "home") as engine:
        engine.export("shop", tmp_path / "b.tar.gz", BY)
        assert out.read_bytes() == (tmp_path / "b.tar.gz").read_bytes()
        assert out.stat().st_mode & 0o077 == 0
        with pytest.raises(Refused, match="there already"):
            engine.export("shop", out, BY)
        with pytest.raises(Refused, match="can't be written"):
            engine.export("shop", tmp_path / "none" / "c.tar.gz", BY)
        assert engine.audit_tail(1)[0]["event"] == "workspace.exported"


@pytest.mark.promise("SECRET-1")
async def test_no_secret_and_nothing_hidden_is_in_a_bundle(tmp_path: Path) -> None:
    write_home(tmp_path)
    with engine_at(tmp_path) as engine:
        await make_workspace(engine)
        (tmp_path / "secrets" / "shop").mkdir(parents=True, exist_ok=True)
        (tmp_path / "secrets" / "shop" / "root").write_text(CANARY)
        value = {"image": "debian-12", "root_password": "secret://root"}
        await apply(engine, await change(engine, {"op": "set", "address": "server.web", "value": value}))
        for path in ("secrets/a.sops.yaml", ".env", ".git/config", "docs/.hidden/x", "Secrets/b"):
            write(engine, "shop", path, CANARY)
        (Path(engine.workspace("shop").path) / "docs" / "link").symlink_to(tmp_path / "secrets" / "shop" / "root")
        engine.export("shop", tmp_path / "out.tar.gz", BY)
    with tarfile.open(tmp_path / "out.tar.gz") as archive:
        names, data = archive.getnames(), [archive.extractfile(each) for each in archive.getmembers()]
        held = b"".join(each.read() for each in data if each)
    assert names == [
        "contents.json", "state.json", "files/.gitignore", "files/docs/README.md", "files/infra/main.yaml",
        "files/workspace.toml",
    ]  # fmt: skip
    assert CANARY.encode() not in held
    assert b"secret://root" in held


async def test_an_import_overwrites_nothing_and_takes_no_name_twice(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "shop.tar.gz"
    await exported(home, out)
    with engine_at(home) as engine, pytest.raises(Refused, match="this home has that workspace, as shop"):
        await import_(engine, out, "copy")
    write_home(tmp_path / "two")
    with engine_at(tmp_path / "two") as engine:
        await make_workspace(engine)
        with pytest.raises(Refused, match="shop exists already"):
            await import_(engine, out)
        write(engine, "shop", "../full/x", "here")
        for place in ("full", "full/x"):
            with pytest.raises(Refused, match=r"not empty|no folder"):
                await import_(engine, out, "store", str(tmp_path / "two" / "workspaces" / place))
        for name, path in (("Store", ""), ("store", "relative/folder")):
            with pytest.raises(Invalid, match=r"no name|not an absolute"):
                await import_(engine, out, name, path)
        with pytest.raises(Invalid, match="not an absolute path"):
            await engine.propose(None, PlanWorkspace("import", "store", bundle="shop.tar.gz"), BY)


async def test_what_is_unpacked_is_the_bundle_that_was_confirmed(tmp_path: Path) -> None:
    out, other = tmp_path / "shop.tar.gz", tmp_path / "other.tar.gz"
    await exported(tmp_path / "one", out)
    await exported(tmp_path / "three", other)
    write_home(tmp_path / "two")
    with engine_at(tmp_path / "two") as engine:
        record = await import_(engine, out)
        other.replace(out)
        run = await apply(engine, record)
        assert run.status.value == "failed"
        assert run.failure is not None
        assert run.failure.code == "plan_stale"
        assert engine.workspaces() == []
        assert not (tmp_path / "two" / "workspaces" / "shop").exists()


async def test_a_workspace_with_a_run_at_work_is_not_exported(tmp_path: Path) -> None:
    write_home(tmp_path)
    with engine_at(tmp_path) as engine:
        await make_workspace(engine)
    idle = Engine.open(tmp_path, {})
    idle.apply(yes_to(planned(await change(idle, THREE_SERVERS[0]))))
    with pytest.raises(Refused, match="is at work"):
        idle.export("shop", tmp_path / "out.tar.gz", BY)
    idle.close()
