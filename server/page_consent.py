"""A person's yes on the page, asked for from a command line: `groundplan confirm PLAN --page`."""

from __future__ import annotations

from collections.abc import Callable

import anyio

from engine.model.confirmation import Channel
from engine.model.errors import ConsentUnavailable, PlanSettled
from engine.model.plan import PlanStatus
from server.http.asking import begin_asking, open_window
from server.http.pending import pending_pages
from server.office import Office

_LOOK_SECONDS = 0.2


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
    asking = begin_asking(office, plan, office.person("cli"))
    if asking is not None and not open_window(office, asking):
        if tell is None:
            raise ConsentUnavailable("No browser can be opened from here.", hint=f"Use `groundplan confirm {plan_id}`.")
        tell(f"Open this link in a browser on this machine; it opens once: {asking.link}")
    pages = pending_pages(office)
    while pages.is_waiting(plan_id):  # noqa: ASYNC110 - it is decided in the listener's thread, which has another loop
        await anyio.sleep(_LOOK_SECONDS)
    page = pages.of_plan(plan_id)
    if page is not None and page.words and tell is not None:
        tell(page.words)
    return page.run_id if page else ""
