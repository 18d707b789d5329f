"""A person's yes at an interactive terminal."""

from __future__ import annotations

from typing import TextIO

from engine.model.confirmation import Channel, Confirmation
from engine.model.errors import ConsentUnavailable, PlanSettled
from engine.model.plan import PlanStatus
from engine.model.run import Run
from server.office import Office
from server.phrase import need_terminal, typed_the_phrase


def confirm_at_terminal(office: Office, plan_id: str, *, stdin: TextIO, stdout: TextIO) -> Run | None:
    """Show the whole plan, ask for a phrase, and apply; None where the person did not type it. The plan stays pending.

    Raises `ConsentUnavailable` where one of the two is no terminal, and whatever `Engine.apply` refuses.
    """
    need_terminal(f"Plan {plan_id} is confirmed", stdin, stdout)
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
    if not typed_the_phrase(plan, "apply", stdin, stdout):
        engine.record("plan.not_confirmed", person, plan=plan_id, channel=Channel.TERMINAL.value)
        return None
    return engine.apply(Confirmation(plan_id, plan.digest, Channel.TERMINAL, person))
