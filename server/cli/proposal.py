"""From a stored plan to a run: wait until it is made, show it, ask the person, follow the run."""

from __future__ import annotations

import asyncio
import sys

import typer

from engine.model.errors import ConsentUnavailable, GroundplanError
from engine.model.plan import Plan, PlanStatus
from engine.model.plan_record import PlanRecord
from engine.model.request import Request
from server.cli.desk import Desk
from server.cli.exits import Exit
from server.cli.follow import end_of_run, follow
from server.render.plan import plan_text
from server.terminal_consent import confirm_at_terminal

NOTHING = "Nothing to do: what exists is what the manifest says."
_PATIENCE = 5.0


def propose(desk: Desk, request: Request, *, workspace: str | None = None) -> PlanRecord:
    """Store a plan for the request, which changes nothing, and wait until it is made.

    Raises what making it raised.
    """
    return asyncio.run(_propose(desk, request, workspace))


async def _propose(desk: Desk, request: Request, workspace: str | None) -> PlanRecord:
    record = await desk.engine.propose(workspace, request, desk.by)
    if record.status is PlanStatus.PLANNING:
        desk.tell(f"Plan {record.id} takes a while to make …")
    while record.status is PlanStatus.PLANNING:
        record = await desk.engine.wait_plan(record.id, _PATIENCE)
    return record


def made(record: PlanRecord) -> Plan:
    """The plan itself. Raises the failure that making it met."""
    if record.plan is not None:
        return record.plan
    if record.failure is None:
        raise GroundplanError(f"Plan {record.id} is still being made.", hint="Look again in a moment.")
    raise GroundplanError(record.failure.message, hint=record.failure.hint, address=record.failure.address)


def show_plan(desk: Desk, record: PlanRecord) -> Plan:
    """Print the plan, or its whole record as JSON."""
    plan = made(record)
    desk.show(record, NOTHING if is_empty(plan) else plan_text(plan).rstrip("\n"))
    return plan


def is_empty(plan: Plan) -> bool:
    """Nothing would change."""
    return not plan.effective and not plan.files


def settle(desk: Desk, record: PlanRecord) -> None:
    """Have the plan confirmed at this terminal and see its run through; leaves with an exit code unless all went well.

    Raises `ConsentUnavailable` where nobody can be asked: the plan stays stored for whoever can.
    """
    plan = made(record)
    if is_empty(plan):
        desk.show(record, NOTHING)
        return
    if not desk.at_terminal:
        show_plan(desk, record)
        raise ConsentUnavailable(
            f"Plan {plan.id} is stored and waits for a person; here is no terminal to ask at.",
            hint=f"Confirm it at a terminal with `{desk.line(f'confirm {plan.id}')}`, "
            f"or in your browser with `{desk.line(f'confirm {plan.id} --page')}`.",
        )
    confirm_here(desk, plan.id)


def confirm_here(desk: Desk, plan_id: str) -> None:
    """Ask at this terminal, then see the run through."""
    run = confirm_at_terminal(desk.office, plan_id, stdin=sys.stdin, stdout=sys.stdout)
    if run is None:
        desk.tell("Not confirmed; nothing was changed.")
        raise typer.Exit(Exit.UNCONFIRMED)
    end_of_run(desk, follow(desk, run.id))
