"""What is looked at once more when a plan is confirmed: plan, channel, who asked, and the workspace's rules."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.model.confirmation import Channel, Confirmation
from engine.model.errors import ConfirmationInvalid, PlanSettled, PlanStale, PolicyDenied
from engine.model.plan import Plan, PlanStatus
from engine.model.plan_record import PlanRecord
from engine.policy.decide import RULE_PREFIX
from engine.policy.rules.rule_file import FILE, rules_digest
from engine.state.runs import MOVES_STATE


def refuse_denied(plan: Plan) -> Plan:
    """The plan, unless it was denied. Raises `PolicyDenied` with every reason."""
    reasons = plan.decision.reasons
    if plan.decision.effect != "deny":
        return plan
    ours = any(each.startswith(RULE_PREFIX) for each in plan.decision.policies)
    text = reasons[0] if len(reasons) == 1 else "\n- ".join([f"{len(reasons)} rules deny it:", *reasons]) + "\n"
    raise PolicyDenied(text, hint="Plan again with what is named there." if ours else "")


def confirmed_plan(confirmation: Confirmation, record: PlanRecord, accepted: Sequence[Channel]) -> Plan:
    """The plan that is confirmed; `accepted` are the channels that count for it now.

    Raises `PlanSettled`, `ConfirmationInvalid` or `PolicyDenied`.
    """
    if record.plan is None:
        raise PlanSettled(f"plan {record.id} is {record.status.value}.")
    if record.status is PlanStatus.DECLINED:
        raise PlanSettled(f"plan {record.id} was declined.")
    if record.plan.computed_digest() != confirmation.digest:
        raise ConfirmationInvalid(f"plan {record.id} is not what was confirmed.", hint="Plan again.")
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


def check_same_rules(plan: Plan, folder: Path | None) -> None:
    """The rules of the workspace are those that the plan was judged by.

    Raises `PlanStale`, and `ManifestInvalid` where they can't be read.
    """
    if plan.kind in MOVES_STATE and folder is not None and rules_digest(folder) != plan.decision.rules:
        raise PlanStale(f"{FILE} changed since the plan was made.", differences=("the plan was judged by other rules",))
