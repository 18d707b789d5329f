"""The corridor with state and queue on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from engine.facade import Engine
from engine.model.errors import PlanSettled, PlanStale, RunInProgress
from engine.model.query import ResourceQuery
from engine.model.request import PlanDestroy, PlanRollback
from engine.state.database import Database, DatabaseUnreachable
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

pytestmark = pytest.mark.postgres


async def test_three_servers_are_planned_confirmed_applied_changed_and_destroyed(
    make_home: Callable[..., Path],
) -> None:
    home = make_home()
    with engine_at(home) as engine:
        await make_workspace(engine)
        run = await apply(engine, await change(engine, *THREE_SERVERS))
        assert (run.status.value, run.done, run.total) == ("succeeded", 6, 6)
        assert planned(await change(engine)).is_empty
        bigger = {"op": "set", "address": "server.web", "value": {"size": "medium"}}
        assert (await apply(engine, await change(engine, bigger))).status.value == "succeeded"
        gone = await apply(engine, await engine.propose("shop", PlanDestroy(), BY))
        assert gone.status.value == "succeeded", gone.failure
        assert engine.resources("shop", ResourceQuery()).total == 0
        assert engine.verify_audit().intact
    assert not (home / "state" / "groundplan.db").exists()
    assert not (home / "queue").exists()


async def test_relations_are_found_to_a_depth(make_home: Callable[..., Path]) -> None:
    with engine_at(make_home()) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, *THREE_SERVERS))
        servers = [f"server.web[{number}]" for number in range(3)]
        assert _found(engine, ResourceQuery(depends_on="network.private", depth=1)) == servers
        assert _found(engine, ResourceQuery(depends_on="network.private")) == [*servers, "volume.data"]
        assert _found(engine, ResourceQuery(needed_by="volume.data")) == ["network.private", "server.web[0]"]
        view = engine.resource("shop", "server.web[0]")
        assert (view.needs, view.needed_by) == (("network.private",), ("volume.data",))
        assert [entry.action for entry in view.history] == ["create"]


async def test_a_rollback_brings_back_what_was_before(make_home: Callable[..., Path]) -> None:
    with engine_at(make_home()) as engine:
        await make_workspace(engine)
        await apply(engine, await change(engine, *THREE_SERVERS))
        fewer = {"op": "set", "address": "server.web", "value": {"count": 2}}
        run = await apply(engine, await change(engine, fewer))
        undone = await apply(engine, await engine.propose(None, PlanRollback(run.id), BY))
        assert undone.status.value == "succeeded", undone.failure
        assert engine.run(run.id).status.value == "rolled_back"
        assert planned(await change(engine)).is_empty


async def test_a_confirmation_is_spent_once_and_an_older_serial_is_refused(make_home: Callable[..., Path]) -> None:
    home = make_home()
    with engine_at(home) as engine:
        await make_workspace(engine)
        spent, stale = planned(await change(engine, THREE_SERVERS[0])), planned(await change(engine, THREE_SERVERS[0]))
    idle = Engine.open(home, {})
    idle.apply(yes_to(spent))
    with pytest.raises(PlanSettled):
        idle.apply(yes_to(spent))
    with pytest.raises((PlanStale, RunInProgress)):
        idle.apply(yes_to(stale))
    idle.close()


async def test_a_run_survives_that_the_server_drops_every_connection(
    make_home: Callable[..., Path], database_url: str
) -> None:
    with engine_at(make_home()) as engine:
        await make_workspace(engine)
        drop = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        other = create_engine(database_url)
        with other.begin() as connection:
            connection.execute(text(f"{drop} AND datname = current_database()"))
        other.dispose()
        run = await apply(engine, await change(engine, *THREE_SERVERS))
        assert run.status.value == "succeeded", run.failure


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachable) as told:
        Database.open("postgresql+psycopg://ada:hunter2@127.0.0.1:1/groundplan", tmp_path)
    assert "hunter2" not in str(told.value)


def test_a_wrong_url_is_told_without_being_repeated(tmp_path: Path) -> None:
    write_home(tmp_path / "home")
    config = tmp_path / "home" / "config.toml"
    config.write_text(f'database = "hunter2"\n{config.read_text()}')
    with pytest.raises(DatabaseUnreachable) as told:
        Engine.open(tmp_path / "home", {})
    assert "hunter2" not in str(told.value)


def _found(engine: Engine, query: ResourceQuery) -> list[str]:
    return [str(each.address) for each in engine.resources("shop", query).items]
