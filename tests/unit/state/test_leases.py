"""Leases and fences."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.facade import Engine
from engine.model.errors import LeaseLost
from engine.state import leases as lease_room
from engine.state.database import Database
from engine.state.journal import Intent, Journal
from engine.state.leases import Leases
from engine.state.runs import Runs
from engine.state.tables import step
from tests.scenario.engine.person import THREE_SERVERS, change, engine_at, make_workspace, planned, write_home, yes_to


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open("", tmp_path)
    yield opened
    opened.close()


def test_one_process_at_a_time_holds_a_lease(database: Database) -> None:
    leases = Leases(database)
    assert leases.acquire("worker", "first", 60) is not None
    assert leases.acquire("worker", "second", 60) is None


def test_an_expired_lease_is_taken_over_under_a_new_epoch(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    leases = Leases(database)
    first = leases.acquire("worker", "first", 10)
    assert first is not None
    later = first.expires_at + 1
    monkeypatch.setattr(lease_room, "CLOCK", lambda: later)
    second = leases.acquire("worker", "second", 10)
    assert second is not None
    assert second.epoch > first.epoch
    with pytest.raises(LeaseLost):
        leases.renew(first, 10)


def test_a_process_that_slept_keeps_a_lease_that_nobody_took(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    leases = Leases(database)
    first = leases.acquire("worker", "first", 10)
    assert first is not None
    monkeypatch.setattr(lease_room, "CLOCK", lambda: first.expires_at + 3600)
    assert leases.renew(first, 10).epoch == first.epoch


@pytest.mark.promise("LEASE-1")
async def test_a_fenced_worker_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_home(tmp_path)
    with engine_at(tmp_path) as engine:
        await make_workspace(engine)
        plan = planned(await change(engine, *THREE_SERVERS))
    idle = Engine.open(tmp_path, {})
    run = idle.apply(yes_to(plan))
    database = idle._database
    leases = Leases(database)
    stale = leases.acquire("worker", "first", 10)
    assert stale is not None
    monkeypatch.setattr(lease_room, "CLOCK", lambda: stale.expires_at + 1)
    assert leases.acquire("worker", "second", 10) is not None
    journal = Journal(database, Runs(database).get(run.id), stale, idle._audit.entry)
    before = idle.verify_audit().lines
    with pytest.raises(LeaseLost):
        await asyncio.wait_for(journal.write(Intent("server.web[0]:create", "server.web[0]", "create")), 5)
    with pytest.raises(LeaseLost):
        journal.begin()
    with database.read() as connection:
        assert (
            connection.execute(select(func.count()).select_from(step).where(step.c.run_id == run.id)).scalar_one() == 0
        )
    assert idle.verify_audit().lines == before
    idle.close()
