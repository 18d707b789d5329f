"""The chronicle of a workspace, read in a few narrow queries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from engine.model.chronicle import Chronicle, PastAct, PastPlan, PastRun, TypeState
from engine.model.plan import PlanStatus
from engine.model.workspace import Workspace
from engine.questions.stores import Stores
from engine.questions.tell import cut
from engine.state.inquiries import PlanLine

_RUNS = 400
_PLANS = 200
_REASON = 300
_ACTS = {
    "plan.declined": "declined", "plan.denied": "denied", "plan.not_applied": "refused", "consent.accepted": "accepted",
}  # fmt: skip


def make_chronicle(stores: Stores, place: Workspace, now: datetime) -> Chronicle:
    inquiries = stores.inquiries
    _, lines = inquiries.runs(place.name, limit=_RUNS)
    over = [each for each in lines if each.status.is_over]
    changed = inquiries.tally(place.name, [each.id for each in over])
    consents = inquiries.consents([each.plan_id for each in over])
    runs = tuple(
        PastRun(
            id=each.id, plan_id=each.plan_id, kind=each.kind, status=each.status, at=each.ended_at or each.created_at,
            resumed_by=each.resumed_by, code=each.failure.code if each.failure else "",
            address=each.failure.address if each.failure else "",
            by=str(known.principal) if (known := consents.get(each.plan_id)) else "",
            channel=known.channel if known else "", changed=tuple(changed[each.id].items()),
        )
        for each in over
    )  # fmt: skip
    _, plans = inquiries.plans(place.name, limit=_PLANS)
    types = tuple(TypeState(*each) for each in inquiries.types(place.name))
    ended, acts = tuple(_ended(place, plans, now)), tuple(_acts(stores, place, {each.id for each in plans}))
    return Chronicle(place.name, place.serial, runs, ended, types, acts, stores.findings.latest(place.name))


def _acts(stores: Stores, place: Workspace, plans: Collection[str]) -> Iterator[PastAct]:
    """Newest first; consent rules are the home's, and so are told from the day on that the workspace is there."""
    for line in stores.audit.told_of(_ACTS, _PLANS):
        plan_id, at = str(line.get("plan", "")), _at(line)
        if at is not None and (plan_id in plans or (not plan_id and at >= place.created_at)):
            text = cut(str(line.get("error") or line.get("rules") or ""), _REASON)
            by, channel = str(line.get("by", "")), str(line.get("channel", ""))
            yield PastAct(_ACTS[str(line["event"])], at, by, channel, plan_id, text)


def _at(line: Mapping[str, Any]) -> datetime | None:
    """None where the log was damaged."""
    try:
        return datetime.fromisoformat(str(line.get("at", ""))).astimezone(UTC)
    except ValueError:
        return None


def _ended(place: Workspace, plans: list[PlanLine], now: datetime) -> list[PastPlan]:
    """Those that were not applied and will not be."""
    found: list[PastPlan] = []
    for each in plans:
        outcome = each.status
        if outcome == PlanStatus.PENDING.value:
            moved = each.kind != "cancel" and each.serial != place.serial
            outcome = "expired" if each.expires_at < now else "stale" if moved else ""
        if outcome in ("declined", "expired", "failed", "stale"):
            reason = f"{each.failure.code}: {each.failure.message}" if each.failure else ""
            found.append(PastPlan(each.id, each.kind, outcome, each.created_at, cut(reason, _REASON)))
    return found
