"""The worker lease on PostgreSQL, where rows are locked and not the file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from engine.model.errors import LeaseLost
from engine.state import database as database_room
from engine.state import leases as lease_room
from engine.state.database import Database
from engine.state.leases import Lease, Leases, check_fence
from engine.state.tables import lease

pytestmark = pytest.mark.postgres
MANY = 6


def test_processes_that_open_an_empty_database_at_once_all_find_its_tables(database_url: str, tmp_path: Path) -> None:
    begin = Barrier(MANY)

    def opened(_: int) -> None:
        begin.wait()
        database = Database.open(database_url, tmp_path)
        with database.read() as connection:
            assert connection.execute(select(lease)).all() == []
        database.close()

    with ThreadPoolExecutor(MANY) as several:
        list(several.map(opened, range(MANY)))


@pytest.mark.promise("LEASE-1")
def test_the_first_lease_of_all_goes_to_one_of_many_that_ask_at_once(database_url: str, tmp_path: Path) -> None:
    databases = [Database.open(database_url, tmp_path) for _ in range(MANY)]
    begin = Barrier(MANY)

    def ask(number: int) -> Lease | None:
        begin.wait()
        return Leases(databases[number]).acquire("worker", f"process-{number}", 60)

    with ThreadPoolExecutor(MANY) as several:
        answers = list(several.map(ask, range(MANY)))
    assert sum(answer is not None for answer in answers) == 1
    for database in databases:
        database.close()


@pytest.mark.promise("LEASE-1")
def test_an_expired_tenure_is_fenced_off(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database.open(database_url, tmp_path)
    first = Leases(database).acquire("worker", "first", 10)
    assert first is not None
    monkeypatch.setattr(lease_room, "CLOCK", lambda: first.expires_at + 1)
    second = Leases(database).acquire("worker", "second", 10)
    assert second is not None
    assert second.epoch == first.epoch + 1
    with database.write() as connection:
        check_fence(connection, second)
    with pytest.raises(LeaseLost), database.write() as connection:
        check_fence(connection, first)
    with pytest.raises(LeaseLost):
        Leases(database).renew(first, 10)
    database.close()


@pytest.mark.promise("LEASE-1")
def test_a_holder_asleep_in_a_transaction_keeps_nobody_out(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_room, "LONGEST_IDLE_SECONDS", 0.2)
    asleep, awake = Database.open(database_url, tmp_path), Database.open(database_url, tmp_path)
    first = Leases(asleep).acquire("worker", "first", 10)
    assert first is not None
    monkeypatch.setattr(lease_room, "CLOCK", lambda: first.expires_at + 1)

    def go_on_after_a_sleep() -> None:
        with asleep.write() as connection:
            check_fence(connection, first)
            assert Leases(awake).acquire("worker", "second", 10) is not None
            connection.execute(select(lease))

    with pytest.raises(DBAPIError):
        go_on_after_a_sleep()
    asleep.close()
    awake.close()
