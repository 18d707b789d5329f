"""Demo's database file: its tables, and a connection that several processes may hold at once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

SCHEMA_VERSION = 1
BUSY_SECONDS = 10.0
CHECKPOINT_PAGES = 8000  # 32 MB: a checkpoint waits for the disk, a longer log costs little
SCHEMA = """
create table object (
  number integer primary key, id text not null unique, account text not null, type text not null, name text not null,
  key text, region text not null, inputs text not null, computed text not null, labels text not null
);
create unique index object_key on object (account, type, key);
create table link (holder text not null, target text not null, primary key (holder, target)) without rowid;
create index link_target on link (target);
create table address (
  pool text not null, number integer not null, holder text not null, primary key (pool, number)
) without rowid;
create index address_holder on address (holder);
create table span (
  network text not null, first integer not null, last integer not null, holder text not null,
  primary key (network, first)
) without rowid;
create table fault (id text primary key, fired integer not null) without rowid;
create table calls (account text primary key, slot integer not null, count integer not null) without rowid;
"""


def open_tables(file: Path) -> sqlite3.Connection:
    """A connection to the file, which is made if there is none. Raises sqlite3.Error."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    db = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _set_wal(db)
        db.execute("pragma synchronous = normal")
        db.execute(f"pragma wal_autocheckpoint = {CHECKPOINT_PAGES}")
        if not _is_ready(db):
            with transaction(db):
                _make_schema(db)
    except BaseException:
        db.close()
        raise
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Generator[None]:
    """All or nothing: one writer at a time, over all processes."""
    db.execute("begin immediate")
    try:
        yield
    except BaseException:
        db.execute("rollback")
        raise
    db.execute("commit")


def _is_ready(db: sqlite3.Connection) -> bool:
    return db.execute("pragma user_version").fetchone()[0] == SCHEMA_VERSION


def _make_schema(db: sqlite3.Connection) -> None:
    if _is_ready(db):  # another process was first
        return
    for statement in SCHEMA.split(";"):
        db.execute(statement)
    db.execute(f"pragma user_version = {SCHEMA_VERSION}")


def _set_wal(db: sqlite3.Connection) -> None:
    # Two processes that switch the same new file at once: SQLite answers "locked" without waiting for its timeout.
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            db.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.005)
