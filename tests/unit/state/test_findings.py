"""The latest check of each workspace: kept whole, replaced whole, and true only of what no run changed since."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.model.address import Address
from engine.model.change import PropertyDiff
from engine.model.drift_check import DriftCheck
from engine.model.finding import Finding
from engine.model.resource import Recorded
from engine.state import resources
from engine.state.database import Database
from engine.state.findings import Findings


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open("", tmp_path / "state")
    yield opened
    opened.close()


def _record(database: Database, *names: str, at: float) -> None:
    made = [
        Recorded(Address("server", each), "demo", f"srv-{each}", {}, {}, {}, (), "created", serial=1) for each in names
    ]
    with database.write() as connection:
        resources.put(database, connection, "shop", made, at)


def _check(at: float, *findings: Finding) -> DriftCheck:
    return DriftCheck(datetime.fromtimestamp(at, UTC), 3, 5, findings)


def _changed(name: str, after: object = "large") -> Finding:
    diff = (PropertyDiff(path="size", before="small", after=after),)
    return Finding(address=f"server.{name}", kind="changed", text="size changed outside Groundplan", diff=diff)


def test_a_workspace_that_was_never_checked_has_no_check(database: Database) -> None:
    assert Findings(database).latest("shop") is None


def test_what_was_found_is_kept_with_the_time_and_the_serial_of_the_check(database: Database) -> None:
    _record(database, "web", "db", at=100)
    gone = Finding(address="server.db", kind="missing", text="object srv-db is gone")
    Findings(database).keep("shop", _check(200, _changed("web"), gone))
    assert Findings(database).latest("shop") == _check(200, gone, _changed("web"))
    assert Findings(database).latest("other") is None


def test_a_check_replaces_the_one_before_with_all_its_findings(database: Database) -> None:
    _record(database, "web", "db", at=100)
    kept = Findings(database)
    kept.keep("shop", _check(200, _changed("web"), _changed("db")))
    kept.keep("shop", _check(300, _changed("db")))
    assert kept.latest("shop") == _check(300, _changed("db"))
    kept.keep("shop", _check(400))
    assert kept.latest("shop") == _check(400)


def test_a_check_that_began_before_the_one_that_is_kept_is_dropped(database: Database) -> None:
    _record(database, "web", at=100)
    kept = Findings(database)
    kept.keep("shop", _check(300))
    kept.keep("shop", _check(200, _changed("web")))
    assert kept.latest("shop") == _check(300)


def test_what_a_run_wrote_after_the_check_began_is_out_of_date(database: Database) -> None:
    _record(database, "web", "db", "old", at=100)
    kept = Findings(database)
    kept.keep("shop", _check(200, _changed("web"), _changed("db"), _changed("old")))
    _record(database, "web", at=200.5)
    with database.write() as connection:
        resources.remove(connection, "shop", ["server.old"])
    latest = kept.latest("shop")
    assert latest is not None
    assert [each.address for each in latest.findings] == ["server.db"]
    assert [each.address for each in latest.outdated] == ["server.old", "server.web"]


def test_an_address_that_was_made_anew_is_out_of_date(database: Database) -> None:
    _record(database, "web", at=100)
    kept = Findings(database)
    kept.keep("shop", _check(200, _changed("web")))
    with database.write() as connection:
        resources.remove(connection, "shop", ["server.web"])
    _record(database, "web", at=time.time())
    latest = kept.latest("shop")
    assert latest is not None
    assert (latest.findings, len(latest.outdated)) == ((), 1)


@pytest.mark.parametrize("value", ["x" * 9000, ["x" * 100] * 90, {"a": "x" * 9000}])
def test_a_long_value_is_cut_and_a_short_one_is_kept_as_it_is(database: Database, value: object) -> None:
    _record(database, "web", "db", at=100)
    kept = Findings(database)
    kept.keep("shop", _check(200, _changed("web", value), _changed("db", ["a", 1, None])))
    latest = kept.latest("shop")
    assert latest is not None
    short, long = (each.diff[0].after for each in latest.findings)
    assert short == ["a", 1, None]
    assert isinstance(long, str)
    assert len(long) == 500
