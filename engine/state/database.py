"""One database: SQLite with write-ahead log and full sync, or PostgreSQL by URL."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.schema import Table

from engine.model.errors import GroundplanError
from engine.state.tables import metadata

LONGEST_IDLE_SECONDS = 10.0


class DatabaseUnreachable(GroundplanError):
    code = "database"


class Database:
    """Read and write transactions; a write transaction holds SQLite's write lock from its first statement on."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"

    @classmethod
    def open(cls, url: str, folder: Path) -> Database:
        """`url` empty: the embedded file in `folder`. Makes what is missing; safe with several processes at once."""
        if not url:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            url = f"sqlite:///{folder / 'groundplan.db'}"
        engine = _engine(url)
        if engine.dialect.name == "sqlite":
            _tune_sqlite(engine)
        else:
            _tune_postgres(engine)
        database = cls(engine)
        database._create_tables()
        return database

    @contextmanager
    def read(self) -> Generator[Connection]:
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Generator[Connection]:
        with self.engine.connect().execution_options(groundplan_write=True) as connection, connection.begin():
            yield connection

    def upsert(self, connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
        """Insert the rows, or replace those whose primary key is there; all rows have the same columns."""
        if not rows:
            return
        insert = self._insert(table)
        keys = [column.name for column in table.primary_key.columns]
        changed = {name: insert.excluded[name] for name in rows[0] if name not in keys}
        connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed), rows)

    def insert_missing(self, connection: Connection, table: Table, row: dict[str, Any]) -> None:
        """Insert the row unless its primary key is there; waits for another process that is inserting it."""
        connection.execute(self._insert(table).values(**row).on_conflict_do_nothing())

    def close(self) -> None:
        self.engine.dispose()

    def _insert(self, table: Table) -> Any:
        return (sqlite_insert if self.is_sqlite else postgres_insert)(table)

    def _create_tables(self) -> None:
        try:
            with self.write() as connection:
                metadata.create_all(connection)
        except (IntegrityError, ProgrammingError):
            # PostgreSQL: another process made the same tables in the same moment.
            with self.write() as connection:
                metadata.create_all(connection)
        except DBAPIError as wrong:
            # Away, or a file that is no database; drivers say it in several lines.
            said = " ".join(str(wrong.orig).split()).rstrip(".?")
            raise DatabaseUnreachable(
                f"the state database can't be opened: {said}.",
                hint="Check `database` in the home's config.toml and that the server runs.",
            ) from None


def _engine(url: str) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    except ImportError as wrong:
        raise DatabaseUnreachable(
            f"the driver for `database` in the home's config.toml is not installed: {wrong.name}.",
            hint="PostgreSQL: install groundplan[postgres] and begin the URL with postgresql+psycopg://.",
        ) from None
    except ArgumentError:
        # The URL may hold a password, and so is not repeated.
        raise DatabaseUnreachable(
            "`database` in the home's config.toml is not a database URL.",
            hint="Such as postgresql+psycopg://user@host/name; left out, it is a file in the home.",
        ) from None


def _tune_postgres(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        # A process that falls asleep in a transaction would keep the lease's row from whoever takes over.
        connection.execute(f"SET idle_in_transaction_session_timeout = {int(LONGEST_IDLE_SECONDS * 1000)}")
        connection.commit()


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None
        for pragma in (
            "busy_timeout=15000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-16000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        # A reader that turns writer fails under concurrency; so a writer says so from the start.
        writes = connection.get_execution_options().get("groundplan_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
