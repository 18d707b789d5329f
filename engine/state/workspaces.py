"""Registered workspaces."""

from __future__ import annotations

import difflib
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, insert, select, update

from engine.model.errors import NotFound, Refused
from engine.model.workspace import Workspace
from engine.state.database import Database
from engine.state.facts import Facts
from engine.state.tables import workspace

_ACTIVE = "active_workspace"


class Workspaces:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._facts = Facts(database)

    def all(self, *, archived: bool = False) -> list[Workspace]:
        active = self.active()
        with self._database.read() as connection:
            rows = connection.execute(select(workspace).order_by(workspace.c.name)).all()
        return [_workspace(row, active) for row in rows if archived or not row.archived]

    def get(self, name: str | None) -> Workspace:
        """The named one, or the active one. Raises `NotFound` with the nearest names."""
        wanted = name or self.active()
        if not wanted:
            raise NotFound(
                "No workspace is active.", hint="Create one: plan_workspace with op create, or `groundplan init`."
            )
        found = self.find(wanted)
        if found is None:
            names = [each.name for each in self.all()]
            near = difflib.get_close_matches(wanted, names, 3) or names[:5]
            raise NotFound(
                f"No workspace is called {wanted[:60]!r}.",
                hint=f"There are: {', '.join(near)}." if near else "None exists yet.",
            )
        return found

    def active(self) -> str:
        """The active one's name; empty where none is."""
        return self._facts.get(_ACTIVE, "")

    def find(self, name: str) -> Workspace | None:
        with self._database.read() as connection:
            row = connection.execute(select(workspace).where(workspace.c.name == name)).one_or_none()
        return None if row is None else _workspace(row, self.active())

    def uid(self, name: str) -> str:
        """Random and stable: two homes with a workspace of the same name never share idempotency keys."""
        with self._database.read() as connection:
            return connection.execute(select(workspace.c.uid).where(workspace.c.name == name)).scalar_one()

    def add(self, name: str, path: Path) -> None:
        """Registered twice with the same folder is once. With another folder it is refused, unless it is archived."""
        known = self.find(name)
        if known is not None:
            if Path(known.path) != path and not known.archived:
                raise Refused(f"workspace {name} exists at {known.path}.", hint="Choose another name.")
            back = update(workspace).where(workspace.c.name == name).values(archived=False, path=str(path))
            with self._database.write() as connection:
                connection.execute(back)
            return
        values = {"name": name, "uid": secrets.token_hex(16), "path": str(path), "serial": 0, "archived": False}
        with self._database.write() as connection:
            connection.execute(insert(workspace).values(created_at=time.time(), **values))

    def archive(self, name: str) -> None:
        with self._database.write() as connection:
            connection.execute(update(workspace).where(workspace.c.name == name).values(archived=True))
            if self._facts.get(_ACTIVE) == name:
                self._facts.set(_ACTIVE, "", connection)

    def activate(self, name: str) -> None:
        self._facts.set(_ACTIVE, name)


def _workspace(row: Row[Any], active: str) -> Workspace:
    return Workspace(
        name=row.name, uid=row.uid, path=row.path, serial=row.serial, archived=row.archived, active=row.name == active,
        created_at=datetime.fromtimestamp(row.created_at, UTC),
    )  # fmt: skip
