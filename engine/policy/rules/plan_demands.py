"""Demands on a plan as a whole: what everything costs a month, and how much one plan may change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.model.address import parse_address
from engine.model.change import Change
from engine.model.plan import Cost
from engine.policy.rules.fault import Fault, Open
from engine.policy.rules.rule import MonthlyCost, Rule, When
from engine.policy.rules.scope import is_named

NO_COST = Cost()
_NAMED = 5


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What is known of a plan; `changes` is None where there is no plan, only a manifest."""

    cost: Cost = NO_COST
    changes: Sequence[Change] | None = None


def plan_findings(rule: Rule, facts: PlanFacts) -> Iterator[Fault | Open]:
    if rule.require.monthly_cost:
        yield from _cost(rule.require.monthly_cost, facts.cost)
    for action, most in rule.require.most_changes.items():
        if facts.changes is None:
            yield Open(f"only a plan tells what it would {action}")
            continue
        found = [each.address for each in facts.changes if each.action.value == action and _is_meant(rule.when, each)]
        if len(found) > most:
            shown = ", ".join(found[:_NAMED]) + (", …" if len(found) > _NAMED else "")
            message = f"it would {action} {len(found)} resources ({shown}); {most} are the limit for one plan"
            yield Fault(f"most_changes.{action}", message, f"Plan {len(found) - most} of them apart, or not at all.")


def _cost(limit: MonthlyCost, cost: Cost) -> Iterator[Fault | Open]:
    if cost.currency != limit.currency and (cost.after or cost.unpriced):
        yield Open(f"prices are in {cost.currency}, the limit in {limit.currency}")
        return
    if cost.after > limit.max:
        over = cost.after - limit.max
        message = f"everything would cost {cost.after:,.2f} {cost.currency} a month; {limit.max:,.2f} is the limit"
        yield Fault("monthly_cost", message, f"Save {over:,.2f} {cost.currency} a month: smaller sizes, or fewer.")
    elif cost.unpriced:
        yield Open(f"{cost.unpriced} resources have no known price")


def _is_meant(when: When | None, change: Change) -> bool:
    if change.effect != "resource":
        return False
    if when is None:
        return True
    address = parse_address(change.address)
    if when.stateful is not None and when.stateful is not change.stateful:
        return False
    return is_named(when, address.type, address.name, change.provider, change.labels)
