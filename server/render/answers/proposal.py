"""A stored plan as every propose tool and `get_plan` answer it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from engine.model.action import Action
from engine.model.change import Change, PropertyDiff
from engine.model.plan import Plan, PlanStatus
from engine.model.plan_record import PlanRecord
from server.render.answers.answer import Answer, ErrorEcho, echo, error_echo
from server.render.answers.limits import part, shown
from server.render.clean import visible

CHANGES_AT_ONCE = 50
_MOVES = {
    PlanStatus.PLANNING: 'Call get_plan with plan_id "{plan}" and wait_seconds 20.',
    PlanStatus.PENDING: (
        'Show the person this plan. If they want it, call apply_plan with plan_id "{plan}"; they confirm it there.'
    ),
    PlanStatus.APPLIED: 'Call get_run with run_id "{run}" and wait_seconds 20.',
    PlanStatus.DECLINED: "A person declined this plan. Ask what they want instead, then propose again.",
    PlanStatus.EXPIRED: "Propose again: a plan is confirmed while it is fresh.",
    PlanStatus.FAILED: "Mend what the error names, then propose again.",
}


class SummaryEcho(BaseModel):
    create: int = 0
    update: int = 0
    replace: int = 0
    delete: int = 0
    adopt: int = 0
    forget: int = 0


class ChangeEcho(BaseModel):
    """`diff` is a list of {path, before?, after?, replaces?}."""

    address: str
    action: str
    reason: str
    diff: list[dict[str, Any]]
    reversible: bool


class RiskEcho(BaseModel):
    level: str
    reasons: list[str]


class CostEcho(BaseModel):
    """A month's price; `unpriced` counts what nobody could price."""

    before: float
    after: float
    currency: str
    unpriced: int


class Proposal(Answer):
    """Everything but the id, the workspace and the status is missing while the plan is being made."""

    plan_id: str
    status: str
    digest: str | None = None
    summary: SummaryEcho | None = None
    changes: list[ChangeEcho] | None = None
    cursor: str | None = None
    files: list[str] | None = None
    risk: RiskEcho | None = None
    cost: CostEcho | None = None
    rollback: str | None = None
    warnings: list[str] | None = None
    expires_at: datetime | None = None
    run_id: str | None = None
    error: ErrorEcho | None = None


def proposal(record: PlanRecord, cursor: str = "") -> Proposal:
    """Raises `Invalid` for a cursor that no answer gave out."""
    answer = Proposal(
        plan_id=record.id, workspace=visible(record.workspace), status=record.status.value,
        run_id=record.run_id or None, error=error_echo(record.failure), next=_next(record),
    )  # fmt: skip
    if record.plan is None:
        return answer
    plan = record.plan
    changes, following = part([change_echo(each) for each in plan.effective], cursor, CHANGES_AT_ONCE)
    return answer.model_copy(update={**_body(plan), "changes": changes, "cursor": following or None})


def change_echo(change: Change) -> ChangeEcho:
    return ChangeEcho(
        address=visible(change.address), action=change.action.value, reason=visible(change.reason),
        diff=[_difference(each, change.action) for each in change.diff or _new(change)], reversible=change.reversible,
    )  # fmt: skip


def _body(plan: Plan) -> dict[str, Any]:
    return {
        "accounts": echo(plan.accounts),
        "digest": plan.digest,
        "summary": SummaryEcho(**plan.summary()),
        "files": [visible(each.path) for each in plan.files],
        "risk": RiskEcho(level=plan.risk.level.value, reasons=[visible(each) for each in plan.risk.reasons]),
        "cost": CostEcho(**plan.cost.model_dump()),
        "rollback": visible(plan.rollback),
        "warnings": [visible(each) for each in plan.warnings] or None,
        "expires_at": plan.expires_at,
    }


def _new(change: Change) -> tuple[PropertyDiff, ...]:
    """What a new object will have: a plan keeps no difference to nothing."""
    if change.action is not Action.CREATE:
        return ()
    return tuple(PropertyDiff(path=name, after=value) for name, value in (change.after or {}).items())


def _difference(diff: PropertyDiff, action: Action) -> dict[str, Any]:
    told: dict[str, Any] = {"path": visible(diff.path)}
    if action is not Action.CREATE:
        told["before"] = shown(diff.before)
    if action is not Action.DELETE:
        told["after"] = shown(diff.after)
    if diff.forces_replace:
        told["replaces"] = True
    return told


def _next(record: PlanRecord) -> str:
    plan = record.plan
    if record.status is PlanStatus.PENDING and plan is not None and not plan.effective and not plan.files:
        return "Nothing needs to change: there is nothing to apply."
    return _MOVES[record.status].format(plan=record.id, run=record.run_id)
