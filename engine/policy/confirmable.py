"""Whether a confirmation is one for the plan as it is stored, over a channel that counts for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.model.confirmation import Channel, Confirmation
from engine.model.errors import ConfirmationInvalid, PlanSettled, PolicyDenied
from engine.model.plan import Plan, PlanStatus
from engine.model.plan_record import PlanRecord


def confirmed_plan(
    confirmation: Confirmation, record: PlanRecord, channels: Callable[[Plan], Sequence[Channel]]
) -> Plan:
    """The plan that may be spent. Raises `PlanSettled`, `ConfirmationInvalid` or `PolicyDenied`."""
    if record.plan is None:
        raise PlanSettled(f"plan {record.id} is {record.status.value}.")
    if record.status is PlanStatus.DECLINED:
        raise PlanSettled(f"plan {record.id} was declined.")
    if record.plan.computed_digest() != confirmation.digest:
        raise ConfirmationInvalid(f"plan {record.id} is not what was confirmed.", hint="Plan again.")
    accepted = channels(record.plan)
    if confirmation.channel not in accepted:
        raise PolicyDenied(
            f"a {record.plan.risk.level.value}-risk plan can't be confirmed by {confirmation.channel.value}.",
            hint=f"Accepted: {', '.join(accepted) or 'none'}.",
        )
    by_proxy = confirmation.channel is Channel.ELICITATION
    if by_proxy and confirmation.principal.user != record.plan.by.user:
        raise ConfirmationInvalid(
            f"plan {record.id} was proposed by {record.plan.by.user}; another client can't answer for it.",
            hint="Confirm it on the page or at a terminal, or plan again.",
        )
    return record.plan
