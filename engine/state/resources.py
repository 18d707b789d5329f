"""Recorded resources, their relations and their past."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, literal, select

from engine.model.address import parse_address
from engine.model.errors import NotFound
from engine.model.query import HistoryEntry, Page, ResourceQuery, ResourceView
from engine.model.resource import Recorded
from engine.model.unknown import from_wire, to_wire
from engine.state.database import Database
from engine.state.tables import edge, history, loose_end, node


class Resources:
    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, workspace: str) -> list[Recorded]:
        with self._database.read() as connection:
            rows = connection.execute(select(node).where(node.c.workspace == workspace).order_by(node.c.address)).all()
            targets = _targets(connection, workspace)
        return [_recorded(row, targets.get(row.address, ())) for row in rows]

    def get(self, workspace: str, address: str) -> ResourceView:
        """Raises `NotFound` with the nearest addresses."""
        with self._database.read() as connection:
            row = connection.execute(
                select(node).where(node.c.workspace == workspace, node.c.address == address)
            ).one_or_none()
            if row is None:
                raise _unknown_address(connection, workspace, address)
            needs = _column(
                connection, select(edge.c.target).where(edge.c.workspace == workspace, edge.c.source == address)
            )
            needed_by = _column(
                connection, select(edge.c.source).where(edge.c.workspace == workspace, edge.c.target == address)
            )
            past = connection.execute(
                select(history)
                .where(history.c.workspace == workspace, history.c.address == address)
                .order_by(history.c.id.desc())
                .limit(50)
            ).all()
        return ResourceView(_recorded(row, needs), needs, needed_by, tuple(_entry(each) for each in past))

    def find(self, workspace: str, query: ResourceQuery, cursor: str, limit: int) -> Page[Recorded]:
        """Sorted by address; the cursor is the last address of the page before."""
        with self._database.read() as connection:
            chosen = select(node).where(node.c.workspace == workspace)
            if query.type:
                chosen = chosen.where(node.c.type == query.type)
            if query.provider:
                chosen = chosen.where(node.c.provider == query.provider)
            for start, forward in ((query.depends_on, False), (query.needed_by, True)):
                if start:
                    chosen = chosen.where(node.c.address.in_(closure(workspace, start, query.depth, forward=forward)))
            rows = [row for row in connection.execute(chosen.order_by(node.c.address)) if _matches(row, query)]
            later = [row for row in rows if row.address > cursor]
            targets = _targets(connection, workspace)
        page = later[:limit]
        following = page[-1].address if len(later) > limit else ""
        return Page(tuple(_recorded(row, targets.get(row.address, ())) for row in page), following, len(rows))

    def past(self, workspace: str, address: str, before_serial: int) -> dict[str, Any] | None:
        """The snapshot of a resource as it was before the run with this serial; None if it did not exist."""
        with self._database.read() as connection:
            row = connection.execute(
                select(history.c.snapshot, history.c.action)
                .where(history.c.workspace == workspace, history.c.address == address, history.c.serial < before_serial)
                .order_by(history.c.id.desc())
                .limit(1)
            ).one_or_none()
        return None if row is None or row.action in ("delete", "forget") else row.snapshot

    def incarnations(self, workspace: str) -> dict[str, int]:
        """How often each address has been created."""
        counted = (
            select(history.c.address, func.count().label("times"))
            .where(history.c.workspace == workspace, history.c.action == "create")
            .group_by(history.c.address)
        )
        with self._database.read() as connection:
            return {row.address: row.times for row in connection.execute(counted)}

    def loose_ends(self, workspace: str) -> list[Row[Any]]:
        """Creates whose answer is not known: rows of key, address, provider, type."""
        with self._database.read() as connection:
            return list(connection.execute(select(loose_end).where(loose_end.c.workspace == workspace)))


def closure(workspace: str, start: str, depth: int, *, forward: bool) -> Any:
    """A query of the addresses that `start` needs (forward) or that need it, through at most `depth` relations."""
    here, there = (edge.c.source, edge.c.target) if forward else (edge.c.target, edge.c.source)
    reach = select(literal(start).label("address"), literal(0).label("hops")).cte("reach", recursive=True)
    onward = (
        select(there, reach.c.hops + 1).join(reach, here == reach.c.address)
        .where(edge.c.workspace == workspace, reach.c.hops < depth)
    )  # fmt: skip
    reach = reach.union(onward)
    return select(reach.c.address).where(reach.c.hops > 0)


def put(database: Database, connection: Connection, workspace: str, resources: Iterable[Recorded], now: float) -> None:
    """Write resources and their relations inside a transaction."""
    kept = list(resources)
    if not kept:
        return
    database.upsert(connection, node, [_row(workspace, each, now) for each in kept])
    connection.execute(
        delete(edge).where(edge.c.workspace == workspace, edge.c.source.in_([str(each.address) for each in kept]))
    )
    edges = [
        {"workspace": workspace, "source": str(each.address), "target": str(target)}
        for each in kept
        for target in dict.fromkeys(each.depends_on)
    ]
    if edges:
        connection.execute(insert(edge), edges)


def remove(connection: Connection, workspace: str, addresses: list[str]) -> None:
    if addresses:
        connection.execute(delete(node).where(node.c.workspace == workspace, node.c.address.in_(addresses)))
        connection.execute(delete(edge).where(edge.c.workspace == workspace, edge.c.source.in_(addresses)))


def snapshot(resource: Recorded) -> dict[str, Any]:
    """What history keeps of a resource: enough to make it again."""
    return {
        "provider": resource.provider, "id": resource.id, "inputs": to_wire(resource.inputs),
        "properties": resource.properties,
        "labels": resource.labels, "depends_on": [str(each) for each in resource.depends_on],
        "prevent_destroy": resource.prevent_destroy,
    }  # fmt: skip


def _row(workspace: str, each: Recorded, now: float) -> dict[str, Any]:
    return {
        "workspace": workspace, "address": str(each.address), "type": each.address.type, "provider": each.provider,
        "object_id": each.id, "inputs": to_wire(each.inputs), "properties": each.properties, "labels": each.labels,
        "lineage": each.lineage, "prevent_destroy": each.prevent_destroy, "serial": each.serial, "updated_at": now,
    }  # fmt: skip


def _recorded(row: Row[Any], targets: Iterable[str]) -> Recorded:
    return Recorded(
        address=parse_address(row.address), provider=row.provider, id=row.object_id, inputs=from_wire(row.inputs),
        properties=row.properties, labels=row.labels, depends_on=tuple(parse_address(target) for target in targets),
        lineage=row.lineage, prevent_destroy=row.prevent_destroy, serial=row.serial,
        updated_at=datetime.fromtimestamp(row.updated_at, UTC).isoformat(timespec="seconds"),
    )  # fmt: skip


def _entry(row: Row[Any]) -> HistoryEntry:
    at = datetime.fromtimestamp(row.at, UTC)
    properties = row.snapshot["properties"] if row.snapshot else None
    return HistoryEntry(row.serial, row.action, row.run_id, at, properties)


def _targets(connection: Connection, workspace: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    query = select(edge.c.source, edge.c.target).where(edge.c.workspace == workspace).order_by(edge.c.target)
    for source, target in connection.execute(query):
        found.setdefault(source, []).append(target)
    return found


def _column(connection: Connection, query: Any) -> tuple[str, ...]:
    return tuple(sorted(connection.execute(query).scalars()))


def _matches(row: Row[Any], query: ResourceQuery) -> bool:
    for label in query.labels:
        key, _, value = label.partition("=")
        if key not in row.labels or ("=" in label and row.labels[key] != value):
            return False
    if not query.text:
        return True
    values = [row.address, row.object_id, *(str(value) for value in row.properties.values())]
    return any(query.text.lower() in value.lower() for value in values)


def _unknown_address(connection: Connection, workspace: str, address: str) -> NotFound:
    known = _column(connection, select(node.c.address).where(node.c.workspace == workspace))
    near = difflib.get_close_matches(address, known, 3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "find_resources lists what there is."
    return NotFound(f"Workspace {workspace} has no resource {address[:80]}.", hint=hint)
