"""Single values of the home."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from engine.state.database import Database
from engine.state.tables import fact

AUDIT_HEAD = "audit_head"


class Facts:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str, default: Any = None) -> Any:
        with self._database.read() as connection:
            found = connection.execute(select(fact.c.value).where(fact.c.name == name)).scalar_one_or_none()
        return default if found is None else found

    def set(self, name: str, value: Any, connection: Connection | None = None) -> None:
        if connection is not None:
            self._database.upsert(connection, fact, [{"name": name, "value": value}])
            return
        with self._database.write() as own:
            self._database.upsert(own, fact, [{"name": name, "value": value}])
