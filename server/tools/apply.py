"""The one tool that acts, and only after a person's yes, which `server/consent.py` obtains."""

from __future__ import annotations

from typing import Annotated

from mcp.server.elicitation import ElicitationResult
from mcp.server.mcpserver.resolve import Resolve

from server.consent import Asked, apply_with_consent, consent_question
from server.principal import principal_of
from server.render.answers.answer import Answer, echo
from server.render.clean import visible
from server.tools.arguments import Call, PlanId, office_of
from server.tools.offer import Offer, told


class ApplyAnswer(Answer):
    """`run_id` is missing as long as nobody confirmed."""

    plan_id: str
    status: str
    run_id: str | None = None
    text: str


async def apply_plan(
    ctx: Call, plan_id: PlanId, asked: Annotated[ElicitationResult[Asked], Resolve(told(consent_question))]
) -> ApplyAnswer:
    """Ask the person to confirm a plan, and start it once they did. Takes nothing but the plan's id: only the person
    can confirm. On status awaiting_confirmation call get_plan with wait_seconds 20 until it names a run_id; then
    follow the run with get_run."""
    office = office_of(ctx)
    outcome = await apply_with_consent(office, plan_id, principal_of(ctx), asked, ctx)
    record = (await office.opened()).plan(plan_id)
    return ApplyAnswer(
        workspace=visible(record.workspace),
        accounts=echo(record.plan.accounts if record.plan else ()),
        plan_id=plan_id,
        status=outcome.status,
        run_id=outcome.run_id or None,
        text=outcome.text,
        next=outcome.next,
    )


OFFERS = (Offer(apply_plan, "act", "apply", open_world=True),)
