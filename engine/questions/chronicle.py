"""The chronicle of a workspace, read in a few narrow queries."""

from __future__ import annotations

from datetime import datetime

from engine.model.chronicle import Chronicle, PastPlan, PastRun, TypeState
from engine.model.plan import PlanStatus
from engine.model.workspace import Workspace
from engine.questions.stores import Stores
from engine.questions.tell import cut
from engine.state.inquiries import PlanLine

_RUNS = 400
_PLANS = 200
_REASON = 300


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
    return Chronicle(place.name, place.serial, runs, tuple(_ended(place, plans, now)), types)


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
