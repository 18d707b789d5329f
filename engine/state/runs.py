"""Runs: born in the transaction that spends a confirmation."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from engine.model.account import Account
from engine.model.action import Action
from engine.model.confirmation import Confirmation
from engine.model.errors import (
    ApprovalInvalid,
    ConfirmationInvalid,
    NotFound,
    PlanExpired,
    PlanSettled,
    PlanStale,
    Refused,
    RunInProgress,
)
from engine.model.plan import Plan, PlanStatus
from engine.model.query import Page
from engine.model.run import Failure, Run, RunStatus, Step, StepStatus
from engine.state.database import Database
from engine.state.tables import confirmation as confirmation_table
from engine.state.tables import plan as plan_table
from engine.state.tables import run, serial, spent_approval, step, workspace

ALIVE = (RunStatus.QUEUED.value, RunStatus.RUNNING.value)
MOVES_STATE = ("change", "destroy", "rollback", "resume")


class Runs:
    def __init__(self, database: Database) -> None:
        self._database = database

    def spend(self, confirmed: Confirmation, plan: Plan) -> str:
        """In one transaction: check the plan and the serial, spend the confirmation, insert the run; the run's id.

        Raises `ConfirmationInvalid`, `ApprovalInvalid`, `PlanSettled`, `PlanExpired`, `PlanStale` or `RunInProgress`,
        and stores nothing.
        """
        run_id, now = f"run-{secrets.token_hex(6)}", time.time()
        with self._database.write() as connection:
            _check_plan(connection, confirmed, now)
            number = _check_workspace(connection, plan)
            self._insert_run(connection, plan, run_id, number, now)
            connection.execute(
                insert(confirmation_table).values(
                    plan_id=plan.id, digest=confirmed.digest, channel=confirmed.channel.value,
                    principal=confirmed.principal.model_dump(), run_id=run_id, at=now,
                )
            )  # fmt: skip
            if confirmed.approval:
                _spend_approval(connection, confirmed.approval.id, plan.id, run_id, now)
            connection.execute(
                update(plan_table)
                .where(plan_table.c.id == plan.id)
                .values(status=PlanStatus.APPLIED.value, run_id=run_id)
            )
            if plan.kind == "cancel":
                _request_cancel(connection, plan.subject, now)
            if plan.kind == "resume":
                connection.execute(update(run).where(run.c.id == plan.subject).values(resumed_by=run_id))
        return run_id

    def get(self, run_id: str) -> Run:
        """With the steps that have started, in order."""
        with self._database.read() as connection:
            row = connection.execute(select(run).where(run.c.id == run_id)).one_or_none()
            if row is None:
                raise _unknown_run(run_id)
            steps = connection.execute(
                select(step).where(step.c.run_id == run_id).order_by(step.c.started_at, step.c.id)
            ).all()
        return _run(row, tuple(_step(each) for each in steps))

    def progress(self, run_id: str) -> tuple[RunStatus, int, int]:
        """Status, steps done and steps in all, cheaply: what a waiting caller watches. Raises `NotFound`."""
        with self._database.read() as connection:
            row = connection.execute(
                select(run.c.status, run.c.done, run.c.total).where(run.c.id == run_id)
            ).one_or_none()
        if row is None:
            raise _unknown_run(run_id)
        return RunStatus(row.status), row.done, row.total

    def page(self, name: str, cursor: str, limit: int) -> Page[Run]:
        """Newest first, without steps; the cursor is the time of the last one."""
        query = select(run).where(run.c.workspace == name)
        if cursor:
            query = query.where(run.c.created_at < float.fromhex(cursor))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(run.c.created_at.desc()).limit(limit + 1)).all()
        page = rows[:limit]
        following = float(page[-1].created_at).hex() if len(rows) > limit else ""
        return Page(tuple(_run(row, ()) for row in page), following)

    def alive(self) -> list[Run]:
        """Every run that is not over, oldest first, without steps."""
        with self._database.read() as connection:
            rows = connection.execute(select(run).where(run.c.status.in_(ALIVE)).order_by(run.c.created_at)).all()
        return [_run(row, ()) for row in rows]

    def say_waiting(self, run_id: str, why: str) -> None:
        with self._database.write() as connection:
            connection.execute(update(run).where(run.c.id == run_id).values(waiting=why))

    def mark_rolled_back(self, run_id: str) -> None:
        with self._database.write() as connection:
            connection.execute(update(run).where(run.c.id == run_id).values(status=RunStatus.ROLLED_BACK.value))

    def _insert_run(self, connection: Connection, plan: Plan, run_id: str, number: int, now: float) -> None:
        at_once = plan.kind == "cancel"
        values = {
            "id": run_id, "plan_id": plan.id, "workspace": plan.workspace, "kind": plan.kind, "serial": number,
            "status": (RunStatus.SUCCEEDED if at_once else RunStatus.QUEUED).value,
            "accounts": [account.model_dump() for account in plan.accounts], "total": len(plan.steps),
            "done": len(plan.steps) if at_once else 0, "created_at": now, "ended_at": now if at_once else None,
        }  # fmt: skip
        connection.execute(insert(run).values(**values))
        if plan.kind in MOVES_STATE:
            connection.execute(update(workspace).where(workspace.c.name == plan.workspace).values(serial=number))
            connection.execute(insert(serial).values(workspace=plan.workspace, number=number, run_id=run_id, at=now))


def _unknown_run(run_id: str) -> NotFound:
    return NotFound(f"There is no run {run_id[:60]!r}.", hint="list_runs names the runs of a workspace.")


def _check_plan(connection: Connection, confirmed: Confirmation, now: float) -> None:
    row = connection.execute(
        select(plan_table.c.status, plan_table.c.digest, plan_table.c.expires_at)
        .where(plan_table.c.id == confirmed.plan_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no plan {confirmed.plan_id[:60]!r}.")
    if row.status != PlanStatus.PENDING.value:
        raise PlanSettled(f"plan {confirmed.plan_id} is {row.status}; a confirmation is spent once.")
    if row.digest != confirmed.digest:
        raise ConfirmationInvalid(f"the confirmation is for another content of plan {confirmed.plan_id}.")
    if row.expires_at < now:
        raise PlanExpired(f"plan {confirmed.plan_id} has expired.")


def _spend_approval(connection: Connection, approval_id: str, plan_id: str, run_id: str, now: float) -> None:
    spent = connection.execute(
        select(spent_approval.c.run_id).where(spent_approval.c.id == approval_id)
    ).scalar_one_or_none()
    if spent:
        raise ApprovalInvalid(f"the approval was spent before, on run {spent}.")
    connection.execute(insert(spent_approval).values(id=approval_id, plan_id=plan_id, run_id=run_id, at=now))


def _check_workspace(connection: Connection, plan: Plan) -> int:
    """The serial that the run will leave."""
    row = connection.execute(
        select(workspace.c.serial, workspace.c.archived).where(workspace.c.name == plan.workspace).with_for_update()
    ).one_or_none()
    now_at = row.serial if row else 0
    if plan.kind == "cancel":
        return now_at
    is_new = plan.kind == "workspace" and any(each.action is Action.CREATE for each in plan.changes)
    if row is None and plan.workspace and not is_new:
        hint = "It was renamed: plan again under its new name."
        raise Refused(f"workspace {plan.workspace} is there no more.", hint=hint)
    if row is not None and row.archived and plan.kind != "workspace":
        raise Refused(f"workspace {plan.workspace} is archived.", hint="Register it again first: plan_workspace.")
    if now_at != plan.serial:
        difference = f"the plan was made on state serial {plan.serial}, the workspace is at {now_at}"
        raise PlanStale("the workspace's state has moved since the plan was made.", differences=(difference,))
    busy = connection.execute(
        select(run.c.id).where(run.c.workspace == plan.workspace, run.c.status.in_(ALIVE)).limit(1)
    ).scalar_one_or_none()
    if busy:
        raise RunInProgress(f"run {busy} is still at work in workspace {plan.workspace}.")
    return now_at + 1 if plan.kind in MOVES_STATE else now_at


def _request_cancel(connection: Connection, run_id: str, now: float) -> None:
    alive = run.c.status.in_(ALIVE)
    connection.execute(update(run).where(run.c.id == run_id, alive).values(cancel_requested=True))
    # One that no worker has begun is over at once.
    never_begun = run.c.status == RunStatus.QUEUED.value
    connection.execute(
        update(run).where(run.c.id == run_id, never_begun, run.c.started_at.is_(None))
        .values(status=RunStatus.CANCELLED.value, ended_at=now)
    )  # fmt: skip


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _run(row: Row[Any], steps: tuple[Step, ...]) -> Run:
    return Run(
        id=row.id, plan_id=row.plan_id, workspace=row.workspace, status=RunStatus(row.status), serial=row.serial,
        created_at=datetime.fromtimestamp(row.created_at, UTC), started_at=_time(row.started_at),
        ended_at=_time(row.ended_at), total=row.total, done=row.done,
        accounts=tuple(Account.model_validate(account) for account in row.accounts), steps=steps,
        failure=Failure.model_validate(row.failure) if row.failure else None,
        cancel_requested=row.cancel_requested, waiting=row.waiting, resumed_by=row.resumed_by,
    )  # fmt: skip


def _step(row: Row[Any]) -> Step:
    return Step(
        id=row.id, address=row.address, verb=row.verb, status=StepStatus(row.status), attempts=row.attempts,
        started_at=_time(row.started_at), ended_at=_time(row.ended_at), outcome=row.outcome,
        failure=Failure.model_validate(row.failure) if row.failure else None,
    )  # fmt: skip
