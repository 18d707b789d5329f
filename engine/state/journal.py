"""The journal of a run: intent recorded, act, then outcome, state, relations and audit in one transaction.

What is waiting while the writer is busy goes into the next transaction together (group commit). Every transaction
checks the fence, so a worker that lost its lease writes nothing more.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from engine.model.errors import GroundplanError
from engine.model.resource import Recorded
from engine.model.run import Failure, Run, RunStatus, Step, StepStatus
from engine.state import resources
from engine.state.database import Database
from engine.state.facts import AUDIT_HEAD, Facts
from engine.state.leases import Lease, check_fence
from engine.state.runs import Runs
from engine.state.tables import history, loose_end, run, step


class Cancelled(GroundplanError):
    """A person asked for the run to stop; no further step begins."""

    code = "cancelled"


@dataclass(frozen=True, slots=True)
class LooseEnd:
    """The create that an intent is about to make."""

    key: str
    provider: str
    type: str


@dataclass(frozen=True, slots=True)
class Intent:
    step_id: str
    address: str
    verb: str
    attempt: int = 1
    loose: LooseEnd | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """`recorded` is the resource as state shall keep it, `removed` takes it out; `unsettled` keeps the loose end."""

    step_id: str
    address: str
    action: str
    status: StepStatus = StepStatus.DONE
    recorded: Recorded | None = None
    removed: bool = False
    key: str = ""
    facts: dict[str, Any] | None = None
    failure: Failure | None = None
    unsettled: bool = False


Entry = Intent | Outcome
# Appends audit lines and yields the log's new head, to be kept in the transaction that the lines tell of.
Ledger = Callable[[Sequence[Mapping[str, Any]]], AbstractContextManager[Mapping[str, Any]]]


class Journal:
    """One run's journal, for one event loop."""

    def __init__(self, database: Database, run: Run, lease: Lease, ledger: Ledger) -> None:
        self._database, self._lease, self._ledger = database, lease, ledger
        self._run_id, self._workspace, self._serial = run.id, run.workspace, run.serial
        self._waiting: list[tuple[Entry, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    def steps(self) -> dict[str, Step]:
        """What is in the journal so far, by step id."""
        return {each.id: each for each in Runs(self._database).get(self._run_id).steps}

    def begin(self) -> None:
        with self._database.write() as connection:
            check_fence(connection, self._lease)
            values = {"status": RunStatus.RUNNING.value, "waiting": ""}
            connection.execute(update(run).where(run.c.id == self._run_id).values(**values))
            connection.execute(
                update(run).where(run.c.id == self._run_id, run.c.started_at.is_(None)).values(started_at=time.time())
            )

    def end(self, status: RunStatus, failure: Failure | None = None) -> None:
        with self._database.write() as connection:
            check_fence(connection, self._lease)
            values = {
                "status": status.value,
                "ended_at": time.time(),
                "failure": failure.model_dump() if failure else None,
            }
            connection.execute(update(run).where(run.c.id == self._run_id).values(**values))

    async def write(self, entry: Entry) -> None:
        """Returns when the entry is durable. Raises `LeaseLost`, and `Cancelled` for an intent after a cancel."""
        written = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        await written

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                cancelled = await asyncio.to_thread(self._commit, [entry for entry, _ in batch])
            except Exception as wrong:  # noqa: BLE001 - every caller of the batch learns of it
                for _, written in batch:
                    written.set_exception(wrong)
                continue
            for entry, written in batch:
                if cancelled and isinstance(entry, Intent):
                    written.set_exception(Cancelled("the run was cancelled."))
                else:
                    written.set_result(None)

    def _commit(self, entries: Sequence[Entry]) -> bool:
        """One transaction; true when a cancel was asked for, and then no intent is written."""
        now = time.time()
        intents = [entry for entry in entries if isinstance(entry, Intent)]
        outcomes = [entry for entry in entries if isinstance(entry, Outcome)]
        events = [_event(self._run_id, each) for each in entries]
        with self._ledger(events) as head, self._database.write() as connection:
            check_fence(connection, self._lease)
            Facts(self._database).set(AUDIT_HEAD, head, connection)
            asked = select(run.c.cancel_requested).where(run.c.id == self._run_id)
            cancelled = bool(connection.execute(asked).scalar_one()) if intents else False
            if intents and not cancelled:
                self._write_intents(connection, intents, now)
            if outcomes:
                self._write_outcomes(connection, outcomes, now)
        return cancelled

    def _write_intents(self, connection: Connection, intents: list[Intent], now: float) -> None:
        rows = [
            {
                "run_id": self._run_id, "id": each.step_id, "address": each.address, "verb": each.verb,
                "status": StepStatus.STARTED.value, "attempts": each.attempt, "epoch": self._lease.epoch,
                "started_at": now, "ended_at": None, "outcome": None, "failure": None,
            }
            for each in intents
        ]  # fmt: skip
        self._database.upsert(connection, step, rows)
        ends = [
            {
                "workspace": self._workspace, "key": each.loose.key, "address": each.address,
                "provider": each.loose.provider, "type": each.loose.type,
            }
            for each in intents
            if each.loose
        ]  # fmt: skip
        self._database.upsert(connection, loose_end, ends)

    def _write_outcomes(self, connection: Connection, outcomes: list[Outcome], now: float) -> None:
        connection.execute(
            update(step).where(step.c.run_id == bindparam("b_run"), step.c.id == bindparam("b_step"))
            .values(
                status=bindparam("b_status"), ended_at=now, outcome=bindparam("b_outcome"),
                failure=bindparam("b_failure"),
            ),
            [
                {
                    "b_run": self._run_id, "b_step": each.step_id, "b_status": each.status.value,
                    "b_outcome": each.facts,
                    "b_failure": each.failure.model_dump() if each.failure else None,
                }
                for each in outcomes
            ],
        )  # fmt: skip
        settled = [each.key for each in outcomes if each.key and not each.unsettled]
        if settled:
            connection.execute(
                delete(loose_end).where(loose_end.c.workspace == self._workspace, loose_end.c.key.in_(settled))
            )
        resources.put(
            self._database, connection, self._workspace, (each.recorded for each in outcomes if each.recorded), now
        )
        resources.remove(connection, self._workspace, [each.address for each in outcomes if each.removed])
        self._write_history(connection, outcomes, now)
        finished = sum(1 for each in outcomes if each.status in (StepStatus.DONE, StepStatus.SKIPPED))
        connection.execute(update(run).where(run.c.id == self._run_id).values(done=run.c.done + finished))

    def _write_history(self, connection: Connection, outcomes: list[Outcome], now: float) -> None:
        rows = [
            {
                "workspace": self._workspace, "address": each.address, "serial": self._serial, "action": each.action,
                "run_id": self._run_id, "at": now,
                "snapshot": resources.snapshot(each.recorded) if each.recorded else None,
            }
            for each in outcomes
            if each.recorded or each.removed
        ]  # fmt: skip
        if rows:
            connection.execute(insert(history), rows)


def _event(run_id: str, entry: Entry) -> dict[str, Any]:
    if isinstance(entry, Intent):
        return {"event": "step.intended", "run": run_id, "step": entry.step_id, "attempt": entry.attempt}
    event = {"event": f"step.{entry.status.value}", "run": run_id, "step": entry.step_id, **(entry.facts or {})}
    return {**event, "error": entry.failure.message} if entry.failure else event
