"""Stored plans: one in full, or the list."""

from __future__ import annotations

from engine.model.plan import PlanStatus
from server.render.answers.answer import Answer, echo
from server.render.answers.proposal import Proposal, proposal
from server.render.answers.workspace import PlanLine, plan_line
from server.tools.arguments import Call, Cursor, PlanId, WaitSeconds, WorkspaceName, office_of, workspace_meant
from server.tools.offer import Offer

_MAY_MOVE = (PlanStatus.PLANNING, PlanStatus.PENDING)
_AT_ONCE = 20


class PlansAnswer(Answer):
    plans: list[PlanLine]
    cursor: str | None = None


async def get_plan(ctx: Call, plan_id: PlanId, wait_seconds: WaitSeconds = 0, cursor: Cursor = None) -> Proposal:
    """Show a plan and what became of it. With wait_seconds it answers as soon as planning ends or a person
    decided; run_id appears once it was confirmed. cursor gives further changes of a large plan."""
    engine = await office_of(ctx).opened()
    record = engine.plan(plan_id)
    if wait_seconds and not record.run_id and record.status in _MAY_MOVE:
        record = await engine.wait_plan(plan_id, wait_seconds)
    return proposal(record, cursor or "")


async def list_plans(ctx: Call, workspace: WorkspaceName = None, cursor: Cursor = None) -> PlansAnswer:
    """List a workspace's plans, newest first."""
    office = office_of(ctx)
    engine = await office.opened()
    name = (await workspace_meant(office, workspace)).name
    page = engine.plans(name, cursor=cursor or "", limit=_AT_ONCE)
    return PlansAnswer(
        workspace=name, accounts=echo(await office.accounts(name)),
        plans=[plan_line(each) for each in page.items], cursor=page.cursor or None,
    )  # fmt: skip


OFFERS = (Offer(get_plan, "read", "plans"), Offer(list_plans, "read", "plans"))
