"""What the latest check of each workspace found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, and_, delete, insert, select

from engine.model.drift_check import DriftCheck
from engine.model.finding import Finding
from engine.state.database import Database
from engine.state.tables import drift_check, finding, node

# A first-boot script or a list of ten thousand names is no use twice.
_LONGEST = 500


class Findings:
    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, workspace: str, check: DriftCheck) -> None:
        """In place of the check before; one that began earlier than what is kept comes too late and is dropped."""
        row = {
            "workspace": workspace,
            "at": check.at.timestamp(),
            "serial": check.serial,
            "checked": check.checked,
        }
        found = [{"workspace": workspace, "address": each.address, "body": _body(each)} for each in check.findings]
        with self._database.write() as connection:
            newer = select(drift_check.c.at).where(drift_check.c.workspace == workspace, drift_check.c.at > row["at"])
            if connection.execute(newer).first() is not None:
                return
            self._database.upsert(connection, drift_check, [row])
            connection.execute(delete(finding).where(finding.c.workspace == workspace))
            if found:
                connection.execute(insert(finding), found)

    def latest(self, workspace: str) -> DriftCheck | None:
        """None where no check was ever made."""
        same = and_(node.c.workspace == finding.c.workspace, node.c.address == finding.c.address)
        query: Any = (
            select(finding.c.body, node.c.updated_at)
            .outerjoin(node, same)
            .where(finding.c.workspace == workspace)
            .order_by(finding.c.address)
        )
        with self._database.read() as connection:
            check = connection.execute(select(drift_check).where(drift_check.c.workspace == workspace)).one_or_none()
            if check is None:
                return None
            rows: Sequence[Row[Any]] = connection.execute(query).all()
        found = [Finding.model_validate(row.body) for row in rows]
        # Whether the resource is recorded, and as it was when it was looked at.
        still = [row.updated_at is not None and row.updated_at < check.at for row in rows]
        return DriftCheck(
            at=datetime.fromtimestamp(check.at, UTC), serial=check.serial, checked=check.checked,
            findings=_those(found, still, True), outdated=_those(found, still, False),
        )  # fmt: skip


def _those(found: Sequence[Finding], still: Sequence[bool], wanted: bool) -> tuple[Finding, ...]:
    return tuple(each for each, holds in zip(found, still, strict=True) if holds is wanted)


def _body(each: Finding) -> dict[str, Any]:
    diff = [it.model_copy(update={"before": _cut(it.before), "after": _cut(it.after)}) for it in each.diff]
    return each.model_copy(update={"diff": tuple(diff)}).model_dump(mode="json")


def _cut(value: Any) -> Any:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return value if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
