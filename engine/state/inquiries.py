"""What questions about live state read: narrow, indexed, bounded; nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from engine.model.principal import Principal
from engine.model.run import Failure, RunStatus, Step, StepStatus
from engine.state.database import Database
from engine.state.runs import MOVES_STATE
from engine.state.tables import confirmation, edge, history, node, plan, run, step

_AT_ONCE = 500
_OVER = tuple(status.value for status in RunStatus if status.is_over)


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` up to, not including, `until`; seconds since the epoch."""

    since: float = 0.0
    until: float = 1e12


ALWAYS = Span()
# A select of whatever columns.
Query = Any


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run without its steps; times are None where it has not come to that."""

    id: str
    plan_id: str
    kind: str
    status: RunStatus
    serial: int
    total: int
    done: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    failure: Failure | None
    waiting: str
    resumed_by: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan without its body; `status` as it is stored: a pending one may have expired by now."""

    id: str
    kind: str
    status: str
    serial: int
    created_at: datetime
    expires_at: datetime
    run_id: str
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class Touch:
    """What one run did to one address: `verbs` are its finished steps', in no order."""

    run_id: str
    address: str
    verbs: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """Who confirmed a plan, over which channel, when."""

    plan_id: str
    run_id: str
    principal: Principal
    channel: str
    at: datetime


class Inquiries:
    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self, workspace: str) -> tuple[str, int]:
        """Moves whenever resources did: one run at a time changes them, and its count of steps grows with each."""
        query = (
            select(run.c.id, run.c.done)
            .where(run.c.workspace == workspace, run.c.kind.in_(MOVES_STATE))
            .order_by(run.c.created_at.desc())
            .limit(1)
        )
        row = self._one(query)
        return (row.id, row.done) if row is not None else ("", 0)

    def moved(self, workspace: str, after: int) -> tuple[int, set[str]]:
        """The number of the last entry of the history, and the addresses in those after the given one."""
        query = select(history.c.id, history.c.address).where(history.c.workspace == workspace, history.c.id > after)
        rows = self._all(query)
        return max((row.id for row in rows), default=after), {row.address for row in rows}

    def last_entry(self, workspace: str) -> int:
        """The number of the last entry of the workspace's history."""
        row = self._one(select(func.max(history.c.id).label("last")).where(history.c.workspace == workspace))
        return (row.last or 0) if row is not None else 0

    def nodes(self, workspace: str, addresses: Collection[str] | None = None) -> Iterator[Row[Any]]:
        """Recorded resources as they are stored, all or these."""
        yield from self._chosen(select(node).where(node.c.workspace == workspace), node.c.address, addresses)

    def relations(self, workspace: str, sources: Collection[str] | None = None) -> Iterator[Row[Any]]:
        """Rows of source and target: the source needs the target."""
        query = select(edge.c.source, edge.c.target).where(edge.c.workspace == workspace)
        yield from self._chosen(query, edge.c.source, sources)

    def runs(
        self, workspace: str, span: Span = ALWAYS, *, statuses: Sequence[RunStatus] = (), limit: int = 20
    ) -> tuple[int, list[RunLine]]:
        """How many there are, and the newest. Where every status asked for is an end, the time is that of the end."""
        ended = bool(statuses) and all(status.is_over for status in statuses)
        moment = run.c.ended_at if ended else run.c.created_at
        terms: list[ColumnElement[bool]] = [run.c.workspace == workspace]
        if span != ALWAYS:
            terms += [moment >= span.since, moment < span.until]
        if statuses:
            terms.append(run.c.status.in_([status.value for status in statuses]))
        rows = self._all(select(run).where(*terms).order_by(run.c.created_at.desc()).limit(limit))
        return self._count(run, terms), [_run(row) for row in rows]

    def run(self, workspace: str, run_id: str) -> RunLine | None:
        row = self._one(select(run).where(run.c.id == run_id, run.c.workspace == workspace))
        return None if row is None else _run(row)

    def steps(self, run_id: str, *, failed: bool = False, limit: int = 50) -> list[Step]:
        """Those that have started, oldest first."""
        terms = [step.c.run_id == run_id]
        if failed:
            terms.append(step.c.status == StepStatus.FAILED.value)
        return [_step(row) for row in self._all(select(step).where(*terms).order_by(step.c.started_at).limit(limit))]

    def failures(self, workspace: str, span: Span = ALWAYS, *, limit: int = 200) -> list[tuple[RunLine, Step]]:
        """Failed steps of the newest runs, newest first."""
        query = (
            select(run, *[column.label(f"step_{column.name}") for column in step.c])
            .join(step, step.c.run_id == run.c.id)
            .where(
                run.c.workspace == workspace,
                step.c.status == StepStatus.FAILED.value,
                step.c.started_at >= span.since,
                step.c.started_at < span.until,
            )
            .order_by(run.c.created_at.desc(), step.c.started_at.desc())
            .limit(limit)
        )
        return [(_run(row), _step(row, "step_")) for row in self._all(query)]

    def touched(
        self, workspace: str, span: Span = ALWAYS, *, run_id: str = "", address: str = "", limit: int = 50
    ) -> tuple[int, list[Touch]]:
        """Addresses that runs changed, by run, newest first, and how many there are; files are left out."""
        terms: list[ColumnElement[bool]] = [
            run.c.workspace == workspace, step.c.run_id == run.c.id, step.c.status == StepStatus.DONE.value,
            run.c.kind.in_(MOVES_STATE), ~step.c.address.like("file:%"),
        ]  # fmt: skip
        if run_id:
            terms.append(run.c.id == run_id)
        if address:
            terms.append(step.c.address == address)
        if span != ALWAYS:
            alive = or_(run.c.ended_at.is_(None), run.c.ended_at >= span.since)
            terms += [and_(run.c.created_at < span.until, alive)]
            terms += [step.c.ended_at >= span.since, step.c.ended_at < span.until]
        found = (
            select(
                step.c.run_id, step.c.address, func.min(step.c.verb).label("first"),
                func.max(step.c.verb).label("last"), func.max(step.c.ended_at).label("at"),
            )
            .where(*terms).group_by(step.c.run_id, step.c.address)
        )  # fmt: skip
        counted = self._one(select(func.count().label("n")).select_from(found.subquery()))
        rows = self._all(found.order_by(func.max(step.c.ended_at).desc(), step.c.address).limit(limit))
        return (counted.n if counted is not None else 0), [_touch(row) for row in rows]

    def tally(self, workspace: str, run_ids: Sequence[str]) -> dict[str, dict[str, int]]:
        """By run, how many steps of each verb are done; files are left out."""
        query = (
            select(step.c.run_id, step.c.verb, func.count().label("n"))
            .join(run, run.c.id == step.c.run_id)
            .where(
                step.c.run_id.in_(run_ids),
                run.c.kind.in_(MOVES_STATE),
                step.c.status == StepStatus.DONE.value,
                ~step.c.address.like("file:%"),
            )
            .group_by(step.c.run_id, step.c.verb)
        )
        found: dict[str, dict[str, int]] = {each: {} for each in run_ids}
        for row in self._all(query):
            found[row.run_id][row.verb] = row.n
        return found

    def worked_later(self, workspace: str, address: str, after: datetime) -> Touch | None:
        """The first step on this address that worked after that time."""
        query = (
            select(
                step.c.run_id, step.c.address, step.c.verb.label("first"), step.c.verb.label("last"),
                step.c.ended_at.label("at"),
            )
            .join(run, run.c.id == step.c.run_id)
            .where(
                run.c.workspace == workspace, step.c.address == address, step.c.status == StepStatus.DONE.value,
                step.c.ended_at > after.timestamp(),
            )
            .order_by(step.c.ended_at).limit(1)
        )  # fmt: skip
        row = self._one(query)
        return None if row is None else _touch(row)

    def plans(
        self, workspace: str, span: Span = ALWAYS, *, statuses: Sequence[str] = (), limit: int = 20
    ) -> tuple[int, list[PlanLine]]:
        """How many there are, and the newest; statuses as they are stored."""
        terms: list[ColumnElement[bool]] = [
            plan.c.workspace == workspace, plan.c.created_at >= span.since, plan.c.created_at < span.until,
        ]  # fmt: skip
        if statuses:
            terms.append(plan.c.status.in_(statuses))
        rows = self._all(_plans().where(*terms).order_by(plan.c.created_at.desc()).limit(limit))
        return self._count(plan, terms), [_plan(row) for row in rows]

    def plan(self, workspace: str, plan_id: str) -> PlanLine | None:
        row = self._one(_plans().where(plan.c.id == plan_id, plan.c.workspace == workspace))
        return None if row is None else _plan(row)

    def consent(self, plan_id: str) -> Consent | None:
        row = self._one(select(confirmation).where(confirmation.c.plan_id == plan_id))
        return None if row is None else _consent(row)

    def consents(self, plan_ids: Sequence[str]) -> dict[str, Consent]:
        """By plan."""
        rows = self._chosen(select(confirmation), confirmation.c.plan_id, plan_ids)
        return {each.plan_id: each for each in map(_consent, rows)}

    def types(self, workspace: str) -> list[tuple[str, int, datetime]]:
        """Each type with the number of its resources and when one was last written."""
        query = (
            select(node.c.type, func.count().label("n"), func.max(node.c.updated_at).label("at"))
            .where(node.c.workspace == workspace)
            .group_by(node.c.type)
            .order_by(node.c.type)
        )
        return [(row.type, row.n, datetime.fromtimestamp(row.at, UTC)) for row in self._all(query)]

    def _count(self, table: Any, terms: Sequence[ColumnElement[bool]]) -> int:
        row = self._one(select(func.count().label("n")).select_from(table).where(*terms))
        return row.n if row is not None else 0

    def _chosen(self, query: Query, column: Any, values: Collection[str] | None) -> Iterator[Row[Any]]:
        if values is None:
            yield from self._all(query)
            return
        wanted = sorted(values)
        for start in range(0, len(wanted), _AT_ONCE):
            yield from self._all(query.where(column.in_(wanted[start : start + _AT_ONCE])))

    def _all(self, query: Query) -> Sequence[Row[Any]]:
        with self._database.read() as connection:
            return connection.execute(query).all()

    def _one(self, query: Query) -> Row[Any] | None:
        with self._database.read() as connection:
            return connection.execute(query).first()


def _plans() -> Query:
    return select(
        plan.c.id, plan.c.kind, plan.c.status, plan.c.serial, plan.c.created_at, plan.c.expires_at, plan.c.run_id,
        plan.c.failure,
    )  # fmt: skip


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _run(row: Row[Any]) -> RunLine:
    return RunLine(
        id=row.id, plan_id=row.plan_id, kind=row.kind, status=RunStatus(row.status), serial=row.serial,
        total=row.total, done=row.done, created_at=datetime.fromtimestamp(row.created_at, UTC),
        started_at=_time(row.started_at), ended_at=_time(row.ended_at), failure=_failure(row.failure),
        waiting=row.waiting, resumed_by=row.resumed_by,
    )  # fmt: skip


def _step(row: Row[Any], prefix: str = "") -> Step:
    of = row._mapping  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - SQLAlchemy's name for reading by column
    return Step(
        id=of[f"{prefix}id"], address=of[f"{prefix}address"], verb=of[f"{prefix}verb"],
        status=StepStatus(of[f"{prefix}status"]), attempts=of[f"{prefix}attempts"],
        started_at=_time(of[f"{prefix}started_at"]), ended_at=_time(of[f"{prefix}ended_at"]),
        outcome=of[f"{prefix}outcome"], failure=_failure(of[f"{prefix}failure"]),
    )  # fmt: skip


def _plan(row: Row[Any]) -> PlanLine:
    return PlanLine(
        id=row.id, kind=row.kind, status=row.status, serial=row.serial,
        created_at=datetime.fromtimestamp(row.created_at, UTC),
        expires_at=datetime.fromtimestamp(row.expires_at, UTC), run_id=row.run_id, failure=_failure(row.failure),
    )  # fmt: skip


def _consent(row: Row[Any]) -> Consent:
    by = Principal.model_validate(row.principal)
    return Consent(row.plan_id, row.run_id, by, row.channel, datetime.fromtimestamp(row.at, UTC))


def _touch(row: Row[Any]) -> Touch:
    verbs = tuple(dict.fromkeys((row.first, row.last)))
    return Touch(row.run_id, row.address, verbs, datetime.fromtimestamp(row.at, UTC))


def _failure(value: Any) -> Failure | None:
    return Failure.model_validate(value) if value else None
