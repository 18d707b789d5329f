"""The consent ladder: how a person's yes is obtained, on the first road that fits and that the rules accept.

1. A question in the client's own form, where the client declares it and the whole plan fits into it.
2. The confirmation page in the person's browser.
3. `groundplan confirm PLAN` at a terminal, which is `server/terminal_consent.py`.
4. Otherwise a refusal, with the words a person needs.

Nothing a caller passes is consent. What a client's form brings back is worth as much as the client: the rules say
for which plans that is enough.
"""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, cast

import anyio
import anyio.to_thread
from mcp.server.elicitation import AcceptedElicitation, DeclinedElicitation, ElicitationResult
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.resolve import Elicit
from mcp_types.version import is_version_at_least
from pydantic import BaseModel, ConfigDict, Field

from engine.model.confirmation import Channel, Confirmation
from engine.model.errors import ConsentUnavailable, PlanExpired, PlanSettled, Refused
from engine.model.plan import Plan, PlanStatus
from engine.model.plan_record import PlanRecord
from engine.model.principal import Principal
from server.http.asking import Asking, begin_asking, open_window, withdraw
from server.http.browser import can_open
from server.http.pending import pending_pages
from server.office import Office
from server.render.plan import plan_text

LONGEST_QUESTION = 6_000
_ALIVE_SECONDS = 10.0
_LINK_SECONDS = 45.0
_STATELESS = "2026-07-28"


class Asked(BaseModel):
    """What a client shows as its form, and fills in. `shown` is the digest that was shown: ours, never the client's."""

    model_config = ConfigDict(title="Confirm the plan", extra="ignore")
    shown: ClassVar[str] = ""

    confirm: bool = Field(title="Apply this plan", description="Yes applies exactly the plan shown; no refuses it.")


class NotAsked:
    """No question was put to the client. It says nothing about anybody's consent."""


@dataclass(frozen=True, slots=True)
class ApplyOutcome:
    """`run_id` is None as long as nobody confirmed."""

    status: str
    run_id: str | None
    text: str
    next: str


async def consent_question(ctx: Context[Office, Any], plan_id: str) -> Elicit[Asked] | NotAsked:
    """The question for the client's form, or none where this road does not fit. Asked again if its text changes."""
    office: Office = ctx.request_context.lifespan_context
    engine = await office.opened()
    record = engine.plan(plan_id)
    plan = record.plan
    if plan is None or record.status is not PlanStatus.PENDING or pending_pages(office).is_waiting(plan_id):
        return NotAsked()
    if not _has_form(ctx) or Channel.ELICITATION not in engine.channels(plan):
        return NotAsked()
    message = plan_text(plan)
    if len(message) > LONGEST_QUESTION:
        return NotAsked()
    _keep_alive(ctx)
    return Elicit(message, _asked_about(plan.digest))


async def apply_with_consent(
    office: Office, plan_id: str, principal: Principal, answer: ElicitationResult[Asked], ctx: Context[Office, Any]
) -> ApplyOutcome:
    """Apply the plan if a person confirmed it, or set out to ask them.

    Raises `ConsentUnavailable`, `PlanSettled`, `PlanExpired` and whatever `Engine.apply` refuses.
    """
    engine = await office.opened()
    plan = _pending(engine.plan(plan_id))
    if isinstance(answer, AcceptedElicitation):
        # Whatever `consent_question` gave back stands here, `NotAsked` too, which the type does not say.
        said = cast("Asked | NotAsked", answer.data)
        if isinstance(said, NotAsked):
            return await _ask_elsewhere(office, plan, principal, ctx)
        if said.confirm is True and said.shown:
            confirmation = Confirmation(plan_id, said.shown, Channel.ELICITATION, principal)
            run = await anyio.to_thread.run_sync(engine.apply, confirmation)
            engine.start_worker()
            return ApplyOutcome(run.status.value, run.id, "Confirmed. The run has begun.", _follow(run.id))
    elif not isinstance(answer, DeclinedElicitation):
        engine.record("plan.question_dismissed", principal, plan=plan_id, channel=Channel.ELICITATION.value)
        raise Refused(
            f"Nobody confirmed plan {plan_id}: the question was dismissed. The plan is still pending.",
            hint="Ask the person what they want before calling apply_plan again.",
        )
    engine.refuse(plan_id, principal, Channel.ELICITATION)
    raise Refused(f"The person declined plan {plan_id}.", hint="Nothing was changed. Ask what they want instead.")


def how_to_confirm(office: Office, plan: Plan) -> str:
    """What a person types to confirm the plan themselves, on the roads that count for it."""
    channels = office.engine().channels(plan)
    usual = Path(office.environment.get("HOME") or Path.home()) / ".groundplan"
    command = "groundplan" + ("" if office.home == usual else f" --home {shlex.quote(str(office.home))}")
    ways = [f"`{command} confirm {plan.id}` in a terminal"] if Channel.TERMINAL in channels else []
    if Channel.PAGE in channels:
        ways.append(f"`{command} confirm {plan.id} --page` for the page in their browser")
    if not ways and Channel.APPROVAL in channels:
        ways = [f"`{command} approve {plan.id}` and apply it with what that writes"]
    return f"Ask the person to run {', or '.join(ways)}." if ways else "The rules leave no way to confirm this plan."


async def _ask_elsewhere(office: Office, plan: Plan, principal: Principal, ctx: Context[Office, Any]) -> ApplyOutcome:
    if Channel.PAGE in office.engine().channels(plan) and await _page_is_there(office, plan, principal, ctx):
        return ApplyOutcome(
            "awaiting_confirmation", None,
            "The confirmation page is open in the person's browser; nothing is applied until they confirm there. "
            f"If its window was lost: {how_to_confirm(office, plan)}",
            f'Tell the person to look at their browser, then call get_plan with plan_id "{plan.id}" and '
            "wait_seconds 20 until it names a run_id.",
        )  # fmt: skip
    raise ConsentUnavailable(
        f"Plan {plan.id} needs a person's yes, and there is no way to ask them from here. It is still pending.",
        hint=how_to_confirm(office, plan),
    )


async def _page_is_there(office: Office, plan: Plan, principal: Principal, ctx: Context[Office, Any]) -> bool:
    """One page and one window per plan, however often this is called."""
    if not (can_open(office.environment) or _has_url(ctx) or pending_pages(office).is_waiting(plan.id)):
        return False
    asking = await anyio.to_thread.run_sync(begin_asking, office, plan, principal)
    if asking is None:
        return True
    facts = {"plan": plan.id, "digest": plan.digest, "channel": Channel.PAGE.value}
    office.engine().record("confirmation.asked", principal, **facts)
    with _withdrawn_on_failure(office, asking):
        if await anyio.to_thread.run_sync(open_window, office, asking):
            return True
        if _has_url(ctx) and await _url_taken(office, asking, principal, ctx):
            return True
    withdraw(office, asking, "No browser could be opened.")
    return False


async def _url_taken(office: Office, asking: Asking, principal: Principal, ctx: Context[Office, Any]) -> bool:
    """The client shows the link to the person; it goes to the client's own window, not into a tool result."""
    message = f"Look at plan {asking.page.plan_id} and decide, on the confirmation page of this machine."
    _keep_alive(ctx)
    with anyio.move_on_after(_LINK_SECONDS):
        answer = await ctx.elicit_url(message, asking.link, asking.page.page_id)
        if isinstance(answer, DeclinedElicitation):
            withdraw(office, asking, "The page was declined.")
            office.engine().refuse(asking.page.plan_id, principal, Channel.ELICITATION)
            raise Refused(f"The person declined plan {asking.page.plan_id}.", hint="Nothing was changed.")
        return answer.action == "accept"
    return False


@contextmanager
def _withdrawn_on_failure(office: Office, asking: Asking) -> Generator[None, None, None]:
    try:
        yield
    except BaseException:
        withdraw(office, asking, "The call that asked for this page was ended.")
        raise


def _pending(record: PlanRecord) -> Plan:
    if record.status is PlanStatus.APPLIED:
        raise PlanSettled(f"Plan {record.id} was confirmed before: run {record.run_id}.", hint=_follow(record.run_id))
    if record.status is PlanStatus.EXPIRED:
        raise PlanExpired(f"Plan {record.id} expired before anybody confirmed it.")
    if record.status is PlanStatus.PLANNING:
        raise Refused(f"Plan {record.id} is still being made.", hint="Call get_plan with wait_seconds 20 first.")
    if record.plan is None or record.status is not PlanStatus.PENDING:
        raise PlanSettled(f"Plan {record.id} is {record.status.value}.")
    if record.plan.expires_at <= datetime.now(UTC):
        raise PlanExpired(f"Plan {record.id} expired before anybody confirmed it.")
    return record.plan


def _asked_about(digest: str) -> type[Asked]:
    """The form for one digest. It is an attribute of the class, so that no answer can set it."""

    class AskedAboutPlan(Asked):
        shown: ClassVar[str] = digest

    return AskedAboutPlan


def _has_form(ctx: Context[Office, Any]) -> bool:
    """Declared without a mode means forms: there was nothing else when it was so declared."""
    capabilities = ctx.client_capabilities
    declared = capabilities.elicitation if capabilities else None
    return declared is not None and (declared.form is not None or declared.url is None)


def _has_url(ctx: Context[Office, Any]) -> bool:
    """Newer revisions ask before the tool's body runs, where a link would be made for calls that never need it."""
    capabilities, version = ctx.client_capabilities, ctx.protocol_version
    declared = capabilities.elicitation if capabilities else None
    stateless = version is None or is_version_at_least(version, _STATELESS)
    return declared is not None and declared.url is not None and not stateless


def _keep_alive(ctx: Context[Office, Any]) -> None:
    """Report progress while a person reads: clients drop a call that is silent for long. Ends with the call."""
    call = asyncio.current_task()
    if call is None:
        return
    ticking = asyncio.create_task(_tick(ctx))
    call.add_done_callback(lambda _: ticking.cancel())


async def _tick(ctx: Context[Office, Any]) -> None:
    waited = 0.0
    while True:
        await asyncio.sleep(_ALIVE_SECONDS)
        waited += _ALIVE_SECONDS
        try:
            await ctx.report_progress(waited, message="Waiting for the person's decision")
        except (anyio.BrokenResourceError, anyio.ClosedResourceError):
            return


def _follow(run_id: str) -> str:
    return f'Call get_run with run_id "{run_id}" and wait_seconds 20.'
