"""Stored plans and what became of them."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, select, update

from engine.model.errors import NotFound, PlanSettled, PlanStale
from engine.model.plan import Plan, PlanStatus
from engine.model.plan_record import PlanRecord
from engine.model.query import Page
from engine.model.run import Failure
from engine.state.database import Database
from engine.state.tables import plan

_REMEMBERED = 8
# Whoever has been at a plan for so long was killed.
_LONGEST_PLANNING = 900.0


class Plans:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._parsed: OrderedDict[str, Plan] = OrderedDict()

    def begin(self, workspace: str, kind: str, expires_at: float) -> str:
        """A row for a plan that is being made; its id."""
        plan_id = f"plan-{secrets.token_hex(6)}"
        row = {
            "id": plan_id, "workspace": workspace, "kind": kind, "status": PlanStatus.PLANNING.value, "digest": "",
            "serial": 0, "created_at": time.time(), "expires_at": expires_at, "body": None, "failure": None,
            "run_id": "",
        }  # fmt: skip
        with self._database.write() as connection:
            self._database.upsert(connection, plan, [row])
        return plan_id

    def file(self, made: Plan) -> PlanRecord:
        """Store a finished plan; from now on it can be confirmed.

        Raises `PlanStale` when it was ended while it was being made: its workspace has another name now.
        """
        values = {
            "status": PlanStatus.PENDING.value, "workspace": made.workspace, "digest": made.digest,
            "serial": made.serial,
            "expires_at": made.expires_at.timestamp(), "body": made.model_dump_json(),
        }  # fmt: skip
        with self._database.write() as connection:
            still = (plan.c.id == made.id) & (plan.c.status == PlanStatus.PLANNING.value)
            filed = connection.execute(update(plan).where(still).values(**values)).rowcount
        if filed != 1:
            raise PlanStale("the workspace was renamed while the plan was being made.")
        self._remember(made)
        return PlanRecord(id=made.id, workspace=made.workspace, status=PlanStatus.PENDING, plan=made)

    def fail(self, plan_id: str, failure: Failure) -> None:
        with self._database.write() as connection:
            connection.execute(
                update(plan).where(plan.c.id == plan_id)
                .values(status=PlanStatus.FAILED.value, failure=failure.model_dump())
            )  # fmt: skip

    def decline(self, plan_id: str) -> None:
        """End a pending plan. Raises `PlanSettled` if it was applied or ended before."""
        with self._database.write() as connection:
            touched = connection.execute(
                update(plan)
                .where(plan.c.id == plan_id, plan.c.status == PlanStatus.PENDING.value)
                .values(status=PlanStatus.DECLINED.value)
            )
        if touched.rowcount != 1:
            raise PlanSettled(f"plan {plan_id} is not pending any more.")

    def get(self, plan_id: str) -> PlanRecord:
        with self._database.read() as connection:
            row = connection.execute(
                _columns(with_body=plan_id not in self._parsed).where(plan.c.id == plan_id)
            ).one_or_none()
        if row is None:
            raise NotFound(f"There is no plan {plan_id[:60]!r}.", hint="list_plans names the plans of a workspace.")
        return self._record(row)

    def progress(self, plan_id: str) -> tuple[PlanStatus, str]:
        """Status and run, cheaply: what a waiting caller watches."""
        record = self.get(plan_id)
        return record.status, record.run_id

    def page(self, workspace: str, cursor: str, limit: int) -> Page[PlanRecord]:
        """Newest first, without those that could not be made; the cursor is the time of the last one."""
        query = _columns(with_body=True).where(plan.c.workspace == workspace, plan.c.status != PlanStatus.FAILED.value)
        if cursor:
            query = query.where(plan.c.created_at < float.fromhex(cursor))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(plan.c.created_at.desc()).limit(limit + 1)).all()
        page = rows[:limit]
        following = float(page[-1].created_at).hex() if len(rows) > limit else ""
        return Page(tuple(self._record(row) for row in page), following)

    def _record(self, row: Row[Any]) -> PlanRecord:
        status = PlanStatus(row.status)
        if status is PlanStatus.PENDING and row.expires_at < time.time():
            status = PlanStatus.EXPIRED
        if status is PlanStatus.PLANNING and row.created_at + _LONGEST_PLANNING < time.time():
            status = PlanStatus.FAILED
        failure = Failure.model_validate(row.failure) if row.failure else None
        return PlanRecord(
            id=row.id, workspace=row.workspace, status=status, plan=self._body(row), run_id=row.run_id, failure=failure
        )

    def _body(self, row: Row[Any]) -> Plan | None:
        known = self._parsed.get(row.id)
        if known is None and row.body:
            known = Plan.model_validate_json(row.body)
            self._remember(known)
        return known

    def _remember(self, made: Plan) -> None:
        # Plans are immutable, and a large one takes a while to parse: a run that is polled asks for it often.
        self._parsed[made.id] = made
        while len(self._parsed) > _REMEMBERED:
            self._parsed.popitem(last=False)


def _columns(*, with_body: bool) -> Any:
    columns = [
        plan.c.id,
        plan.c.workspace,
        plan.c.status,
        plan.c.expires_at,
        plan.c.created_at,
        plan.c.failure,
        plan.c.run_id,
    ]
    return select(*columns, plan.c.body) if with_body else select(*columns)


def expires(minutes: float) -> datetime:
    return datetime.fromtimestamp(time.time() + minutes * 60, UTC)
