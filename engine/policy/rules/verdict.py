"""verdict: which violations deny a plan and which it only tells of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from engine.model.plan import PlanKind
from engine.model.violation import Violation
from engine.policy.rules.evaluate import evaluate
from engine.policy.rules.plan_demands import PlanFacts
from engine.policy.rules.rule_file import RuleSet
from engine.policy.rules.subject import Subjects

_TOLD = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """`digest` stands for the rules that were asked."""

    denials: tuple[Violation, ...] = ()
    warnings: tuple[str, ...] = ()
    digest: str = ""


NO_VERDICT = Verdict()


@dataclass(frozen=True, slots=True)
class Case:
    """Everything before and after a plan, the addresses that it makes or changes, and the plan as a whole."""

    kind: PlanKind
    before: Subjects
    after: Subjects
    touched: Collection[str]
    facts: PlanFacts


def judge(rules: RuleSet, case: Case) -> Verdict:
    """Denied is what a plan brings about: a violation of what it makes or changes, or one that was not there before.

    What was violated before and is left alone is told as a warning: nobody is kept from mending one thing by another.
    A destroy plan makes nothing, so that what has to exist can't keep anybody from deleting.
    """
    if not rules.rules:
        return Verdict(digest=rules.digest)
    found = evaluate(rules, case.after, case.facts)
    stood = _stood(rules, case, found.violations)
    denials, lines = list[Violation](), list[str]()
    for each in found.violations:
        if each.severity == "warn":
            lines.append(each.text)
        elif _is_denied(each, case, stood):
            denials.append(each)
        else:
            lines.append(f"{each.text} That is not of this plan's making.")
    lines += [each.text for each in found.unchecked]
    if len(lines) > _TOLD:
        lines = [*lines[:_TOLD], f"… and {len(lines) - _TOLD} more; `groundplan rules check` lists them."]
    return Verdict(tuple(denials), tuple(lines), rules.digest)


def _stood(rules: RuleSet, case: Case, violations: Iterable[Violation]) -> set[tuple[str, str, str]]:
    """What was violated before, looked for only where it matters."""
    matters = case.kind != "destroy" and any(
        each.severity == "deny" and each.address and each.address not in case.touched for each in violations
    )
    return {_key(each) for each in evaluate(rules, case.before, PlanFacts()).violations} if matters else set()


def _is_denied(violation: Violation, case: Case, stood: Collection[tuple[str, str, str]]) -> bool:
    if violation.about == "monthly_cost":
        return case.facts.cost.after > case.facts.cost.before
    if not violation.address:
        return True
    if case.kind == "destroy":
        return False
    return violation.address in case.touched or _key(violation) not in stood


def _key(violation: Violation) -> tuple[str, str, str]:
    return violation.rule, violation.address, violation.about
