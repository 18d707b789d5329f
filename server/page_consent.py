"""A person's yes on the page, asked for from a command line: `groundplan confirm PLAN --page`."""

from __future__ import annotations

from collections.abc import Callable

from engine.model.confirmation import Channel
from engine.model.errors import ConsentUnavailable, PlanSettled
from engine.model.plan import PlanStatus
from server.http.asking import ask_in_window
from server.office import Office


async def confirm_on_page(office: Office, plan_id: str, tell: Callable[[str], None] | None = None) -> str:
    """Open the page, wait for the decision; the run's id, or an empty text where the person did not confirm.

    `tell` prints to a person's terminal, and only there: where no browser opens it is given the plain link.
    Raises `ConsentUnavailable` where neither is at hand or the rules don't accept the page.
    """
    engine = await office.opened()
    record = engine.plan(plan_id)
    plan = record.plan
    if plan is None or record.status is not PlanStatus.PENDING:
        raise PlanSettled(f"Plan {plan_id} is {record.status.value}.")
    if Channel.PAGE not in engine.channels(plan):
        raise ConsentUnavailable("The rules of the home or the workspace don't accept the page for this plan.")
    page = await ask_in_window(office, plan, tell)
    return page.run_id if page else ""
