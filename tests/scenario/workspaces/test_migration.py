"""A workspace's files get to a new schema by a plan that shows every line, and never by themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.facade import Engine
from engine.model.errors import ManifestInvalid, Refused
from engine.model.request import PlanChange, PlanWorkspace
from engine.settings import migrations
from engine.settings.migrations import Migration, Texts
from tests.scenario.engine.person import BY, apply, engine_at, make_workspace, planned, write_home
from tests.scenario.workspaces.files import text_of, write

TEXT = '# ours\nname = "shop"  # the name\n\n[values]\na = 1\n'


def rename_a_key(texts: Texts) -> Texts:
    """A made-up change of format: `image: debian` is called `debian-12` from then on, in every manifest."""
    return {path: text.replace("image: debian\n", "image: debian-12\n") for path, text in texts.items()}


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    write_home(tmp_path)
    with engine_at(tmp_path) as opened:
        await make_workspace(opened)
        write(opened, "shop", "workspace.toml", TEXT)
        yield opened


async def test_there_is_nothing_to_migrate_so_far(engine: Engine) -> None:
    assert migrations.current_schema() == 1
    with pytest.raises(Refused, match="is of schema 1, the current one"):
        await engine.propose(None, PlanWorkspace("migrate", "shop"), BY)


async def test_a_newer_schema_is_an_error_with_its_place(engine: Engine) -> None:
    write(engine, "shop", "workspace.toml", 'name = "shop"\nschema = 7\n')
    with pytest.raises(ManifestInvalid, match=r"workspace\.toml:2:1: schema: It was made by a newer Groundplan") as no:
        await engine.propose("shop", PlanChange(), BY)
    assert "Upgrade Groundplan." in str(no.value)
    with pytest.raises(ManifestInvalid, match="newer Groundplan"):
        await engine.propose(None, PlanWorkspace("migrate", "shop"), BY)


@pytest.mark.parametrize("wrong", ['"1"', "0", "-1", "true", "1.0", "[]"])
async def test_what_is_no_schema_is_an_error(engine: Engine, wrong: str) -> None:
    write(engine, "shop", "workspace.toml", f'name = "shop"\nschema = {wrong}\n')
    for request in (PlanChange(), PlanWorkspace("migrate", "shop")):
        with pytest.raises(ManifestInvalid, match="schema: It takes a whole number"):
            await engine.propose("shop", request, BY)


async def test_files_of_an_older_schema_wait_for_their_migration(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(engine, "shop", "infra/main.yaml", "provider: demo\nresources:\n  server:\n    web:\n      image: debian\n")
    steps = (Migration("debian is called debian-12", rename_a_key), Migration("nothing more", dict))
    monkeypatch.setattr(migrations, "MIGRATIONS", steps)
    with pytest.raises(ManifestInvalid, match=r"of schema 1, and this Groundplan works with 3\. Plan the migration"):
        await engine.propose("shop", PlanChange(), BY)
    plan = planned(await engine.propose(None, PlanWorkspace("migrate", "shop"), BY))
    assert [each.path for each in plan.files] == ["infra/main.yaml", "workspace.toml"]
    assert plan.warnings == ("To schema 2: debian is called debian-12.", "To schema 3: nothing more.")
    assert text_of(engine, "shop", "workspace.toml") == TEXT, "a plan writes nothing"
    run = await apply(engine, engine.plan(plan.id))
    assert run.status.value == "succeeded", run.failure
    assert "image: debian-12" in text_of(engine, "shop", "infra/main.yaml")
    assert text_of(engine, "shop", "workspace.toml") == TEXT.replace("\n\n[values]", "\nschema = 3\n\n[values]")
    assert [each.address for each in planned(await engine.propose("shop", PlanChange(), BY)).changes] == ["server.web"]
    with pytest.raises(Refused, match="is of schema 3, the current one"):
        await engine.propose(None, PlanWorkspace("migrate", "shop"), BY)


async def test_a_file_edited_after_the_plan_is_not_overwritten(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "MIGRATIONS", (Migration("nothing", dict),))
    plan = planned(await engine.propose(None, PlanWorkspace("migrate", "shop"), BY))
    write(engine, "shop", "workspace.toml", TEXT + "b = 2\n")
    run = await apply(engine, engine.plan(plan.id))
    assert run.status.value == "failed"
    assert text_of(engine, "shop", "workspace.toml") == TEXT + "b = 2\n"
