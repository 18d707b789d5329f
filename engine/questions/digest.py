"""A workspace at a glance, from the stores alone: what is here, what changed lately, what is wrong, what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.model.citation import cite_plan, cite_resource, cite_run
from engine.model.plan import PlanStatus
from engine.model.run import RunStatus
from engine.model.workspace import Workspace
from engine.model.workspace_digest import RecentRun, Trouble, TypeCount, WaitingPlan, WorkspaceDigest
from engine.questions.plan_questions import summary
from engine.questions.prices import bill_of
from engine.questions.register import Register
from engine.questions.stores import Stores
from engine.questions.tell import cut, listed
from engine.state.inquiries import RunLine

_RECENT = 5
_TEXT = 240
# A run that waits this long has nobody to carry it out.
_LONG_SECONDS = 120.0


def make_digest(stores: Stores, place: Workspace, register: Register, now: datetime) -> WorkspaceDigest:
    _, lines = stores.inquiries.runs(place.name, limit=_RECENT)
    counted = Counter((each.type, each.provider) for each in register.things.values())
    bill = bill_of(register.things.values())
    waiting = _waiting(stores, place, now)
    return WorkspaceDigest(
        workspace=place.name, path=place.path, serial=place.serial, as_of=now, total=len(register.things),
        counts=tuple(TypeCount(type_, provider, count) for (type_, provider), count in sorted(counted.items())),
        recent=_recent(stores, place.name, lines), troubles=tuple(_troubles(stores, place, lines, waiting, now)),
        waiting=waiting, monthly=bill.total, currency=bill.currency, unpriced=bill.unpriced,
    )  # fmt: skip


def _recent(stores: Stores, workspace: str, lines: Sequence[RunLine]) -> tuple[RecentRun, ...]:
    did = stores.inquiries.tally(workspace, [each.id for each in lines])
    return tuple(
        RecentRun(
            id=each.id, uri=cite_run(workspace, each.id), kind=each.kind, status=each.status.value,
            at=each.ended_at or each.started_at or each.created_at,
            summary=f"{summary(did[each.id])}, {each.done} of {each.total} steps",
            failure=cut(f"{each.failure.code}: {each.failure.message}", _TEXT) if each.failure else "",
        )
        for each in lines
    )  # fmt: skip


def _waiting(stores: Stores, place: Workspace, now: datetime) -> tuple[WaitingPlan, ...]:
    _, lines = stores.inquiries.plans(place.name, statuses=(PlanStatus.PENDING.value,), limit=_RECENT * 4)
    found: list[WaitingPlan] = []
    for line in lines:
        plan = stores.plans.get(line.id).plan if line.expires_at > now else None
        if plan is not None:
            moves = plan.kind != "cancel"
            found.append(
                WaitingPlan(
                    line.id, cite_plan(place.name, line.id), line.kind, summary(plan.summary()), plan.risk.level.value,
                    line.expires_at, is_stale=moves and plan.serial != place.serial,
                )
            )  # fmt: skip
    return tuple(found[:_RECENT])


def _troubles(
    stores: Stores, place: Workspace, lines: Sequence[RunLine], waiting: Sequence[WaitingPlan], now: datetime
) -> Iterator[Trouble]:
    yield from _failed(place.name, lines)
    for each in lines:
        held = (now - each.created_at).total_seconds()
        if each.status is RunStatus.QUEUED and (each.waiting or held > _LONG_SECONDS):
            why = f": {cut(each.waiting, _TEXT)}" if each.waiting else ""
            yield Trouble(
                "queued", f"Run {each.id} is queued{why}.", f"get_run {each.id}", cite_run(place.name, each.id)
            )
    ends = stores.resources.loose_ends(place.name)
    if ends and not any(not each.status.is_over for each in lines):
        names = listed((each.address for each in ends), 5)
        text = f"{len(ends)} create{'s' if len(ends) > 1 else ''} never answered: {names}."
        yield Trouble(
            "loose-end", text, "plan_change without edits settles them", cite_resource(place.name, ends[0].address)
        )
    yield from _drifted(stores, place)
    for each in waiting:
        if each.is_stale:
            text = f"Plan {each.id} was made on an older state and would be refused."
            yield Trouble("stale-plan", text, "plan_change again", each.uri)


def _drifted(stores: Stores, place: Workspace) -> Iterator[Trouble]:
    """What the latest check found and no run has changed since."""
    check = stores.findings.latest(place.name)
    if check is None:
        return
    for each in check.findings:
        what = f"{listed((it.path for it in each.diff), 3)} changed outside" if each.diff else each.text
        text = f"{each.address}: {what}, checked {check.at:%Y-%m-%d %H:%M} UTC."
        yield Trouble("drift", text, "plan_change without edits", cite_resource(place.name, each.address))


def _failed(workspace: str, lines: Sequence[RunLine]) -> Iterator[Trouble]:
    """The newest run that is over, where it failed and nothing resumed it."""
    last = next((each for each in lines if each.status.is_over and each.kind != "cancel"), None)
    if last is None or last.status is not RunStatus.FAILED or last.resumed_by:
        return
    failure = last.failure
    why = f" ({failure.code} at {failure.address}): {failure.message}" if failure and failure.address else ""
    why = why or (f" ({failure.code}): {failure.message}" if failure else "")
    text = cut(f"The last run, {last.id}, failed{why}", _TEXT)
    yield Trouble("failed-run", text, f"explain_failure {last.id}", cite_run(workspace, last.id))
