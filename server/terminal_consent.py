"""A person's yes at an interactive terminal."""

from __future__ import annotations

from typing import TextIO

from engine.model.confirmation import Channel, Confirmation
from engine.model.errors import ConsentUnavailable, PlanSettled
from engine.model.plan import PlanStatus
from engine.model.run import Run
from server.office import Office
from server.render.plan import plan_text
from server.render.plan_sheet import destroys


def confirm_at_terminal(office: Office, plan_id: str, *, stdin: TextIO, stdout: TextIO) -> Run | None:
    """Show the whole plan, ask for a phrase, and apply; None where the person did not type it. The plan stays pending.

    Raises `ConsentUnavailable` where one of the two is no terminal, and whatever `Engine.apply` refuses.
    """
    if not (stdin.isatty() and stdout.isatty()):
        raise ConsentUnavailable(
            f"Plan {plan_id} is confirmed by a person at an interactive terminal, and this is none.",
            hint="Run the command yourself, without a pipe.",
        )
    engine, person = office.engine(), office.person("cli")
    record = engine.plan(plan_id)
    plan = record.plan
    if plan is None or record.status is not PlanStatus.PENDING:
        raise PlanSettled(f"Plan {plan_id} is {record.status.value}.")
    if Channel.TERMINAL not in engine.channels(plan):
        raise ConsentUnavailable(
            "The rules of the home or the workspace don't accept a terminal for this plan.",
            hint=f"Use the page: `groundplan confirm {plan_id} --page`.",
        )
    phrase, asked = "yes", 'Type "yes" to apply this plan'
    if destroys(plan):
        phrase, asked = plan.workspace, "Something is destroyed. Type the workspace's name to apply this plan"
    stdout.write(f"{plan_text(plan)}\n{asked}: ")
    stdout.flush()
    if stdin.readline().strip() != phrase:
        engine.record("plan.not_confirmed", person, plan=plan_id, channel=Channel.TERMINAL.value)
        return None
    return engine.apply(Confirmation(plan_id, plan.digest, Channel.TERMINAL, person))
