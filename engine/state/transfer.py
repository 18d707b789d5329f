"""Everything recorded of one workspace, as plain rows: read for a bundle, and written from one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, insert, select

from engine.model.errors import Refused
from engine.state.database import Database
from engine.state.facts import Facts
from engine.state.runs import ALIVE
from engine.state.tables import edge, history, loose_end, node, run, serial, workspace
from engine.state.workspaces import ACTIVE

# Plans, runs and confirmations are not among them: they were about another home.
_CARRIED = (node, edge, history, serial, loose_end)
_OF_THE_HOME = ("workspace", "id")
Tables = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A workspace that is to be known here from now on, as it was known elsewhere."""

    name: str
    uid: str
    path: str
    serial: int
    created_at: float


class Transfer:
    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(self, name: str) -> dict[str, list[dict[str, Any]]]:
        """By table, in one moment. Raises `Refused` while a run is at work: what it does would be in none of them."""
        found: dict[str, list[dict[str, Any]]] = {}
        with self._database.read() as connection:
            busy = select(run.c.id).where(run.c.workspace == name, run.c.status.in_(ALIVE)).limit(1)
            if at_work := connection.execute(busy).scalar_one_or_none():
                raise Refused(f"run {at_work} is at work in workspace {name}.", hint="Wait for its end.")
            for table in _CARRIED:
                columns: list[Column[Any]] = [each for each in table.c if each.name not in _OF_THE_HOME]
                order = [table.c.id] if "id" in table.c else [*table.primary_key.columns]
                query = select(*columns).where(table.c.workspace == name).order_by(*order)
                found[table.name] = [dict(row._mapping) for row in connection.execute(query)]  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - SQLAlchemy's name for reading by column
        return found

    def arrive(self, arrival: Arrival, tables: Tables) -> None:
        """Registration and rows in one transaction; arrived before is once. Raises `Refused` for a taken name."""
        with self._database.write() as connection:
            same = (workspace.c.name == arrival.name) | (workspace.c.uid == arrival.uid)
            known = connection.execute(select(workspace).where(same)).all()
            if known:
                if [(each.name, each.uid, each.path) for each in known] != [(arrival.name, arrival.uid, arrival.path)]:
                    raise Refused(f"workspace {known[0].name} is here already, at {known[0].path}.")
                return
            values = {"name": arrival.name, "uid": arrival.uid, "path": arrival.path, "serial": arrival.serial}
            connection.execute(insert(workspace).values(**values, archived=False, created_at=arrival.created_at))
            for table in _CARRIED:
                rows = [{**row, "workspace": arrival.name} for row in tables[table.name]]
                if rows:
                    connection.execute(insert(table), rows)
            Facts(self._database).set(ACTIVE, arrival.name, connection)
