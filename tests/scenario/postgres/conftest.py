"""Homes whose state and queue are on PostgreSQL, each in a database of its own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url

from tests.scenario.engine.person import write_home

MakeHome = Callable[..., Path]


@pytest.fixture
def database_url() -> Iterator[str]:
    """An empty database beside the one that GROUNDPLAN_TEST_POSTGRES names."""
    server = make_url(os.environ["GROUNDPLAN_TEST_POSTGRES"]).set(drivername="postgresql+psycopg")
    name = f"groundplan_test_{secrets.token_hex(6)}"
    _do(server, f'CREATE DATABASE "{name}"')
    yield server.set(database=name).render_as_string(hide_password=False)
    _do(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def make_home(tmp_path: Path, database_url: str) -> MakeHome:
    """Write a home on that database; takes what `write_home` takes."""

    def made(extra: str = "", lease: float = 15) -> Path:
        home = tmp_path / "home"
        write_home(home, extra, lease)
        config = home / "config.toml"
        config.write_text(f'database = "{database_url}"\n{config.read_text()}')
        return home

    return made


def _do(server: URL, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
