"""Registered workspaces."""

from __future__ import annotations

import difflib
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, insert, select, update

from engine.model.errors import NotFound, Refused
from engine.model.plan import PlanStatus
from engine.model.workspace import Workspace
from engine.state.database import Database
from engine.state.facts import Facts
from engine.state.tables import metadata, plan, workspace

ACTIVE = "active_workspace"


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
        return self._facts.get(ACTIVE, "")

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
            if self._facts.get(ACTIVE) == name:
                self._facts.set(ACTIVE, "", connection)

    def rename(self, uid: str, name: str, move_files: Callable[[], None]) -> None:
        """Everything kept under the workspace's name follows it, in one transaction; renamed so before is once.

        Its plans that were not confirmed end. `move_files` is called before the commit, and can be repeated.
        Raises `Refused` where the name is taken.
        """
        with self._database.write() as connection:
            old = connection.execute(select(workspace.c.name).where(workspace.c.uid == uid)).scalar_one()
            if old == name:
                return
            if connection.execute(select(workspace.c.uid).where(workspace.c.name == name)).one_or_none():
                raise Refused(f"workspace {name} exists already.", hint="Choose another name.")
            move_files()
            for table in metadata.tables.values():
                if "workspace" in table.c:
                    connection.execute(update(table).where(table.c.workspace == old).values(workspace=name))
            connection.execute(update(workspace).where(workspace.c.uid == uid).values(name=name))
            unsettled = plan.c.status.in_([PlanStatus.PENDING.value, PlanStatus.PLANNING.value])
            ended = update(plan).where(plan.c.workspace == name, unsettled).values(status=PlanStatus.EXPIRED.value)
            connection.execute(ended)
            if self._facts.get(ACTIVE) == old:
                self._facts.set(ACTIVE, name, connection)

    def activate(self, name: str) -> None:
        self._facts.set(ACTIVE, name)


def _workspace(row: Row[Any], active: str) -> Workspace:
    return Workspace(
        name=row.name, uid=row.uid, path=row.path, serial=row.serial, archived=row.archived, active=row.name == active,
        created_at=datetime.fromtimestamp(row.created_at, UTC),
    )  # fmt: skip
