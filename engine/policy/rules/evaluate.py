"""evaluate: rules held against resources and a plan. Nothing is read and nothing remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.model.violation import Unchecked, Violation
from engine.policy.rules.fault import Fault, Open
from engine.policy.rules.plan_demands import PlanFacts, plan_findings
from engine.policy.rules.port_demand import port_findings
from engine.policy.rules.property_demands import property_findings
from engine.policy.rules.relation_demand import relation_findings
from engine.policy.rules.rule_file import PlacedRule, RuleSet
from engine.policy.rules.scope import is_meant
from engine.policy.rules.subject import Subject, Subjects


@dataclass(frozen=True, slots=True)
class Findings:
    violations: tuple[Violation, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()


def evaluate(rules: RuleSet, subjects: Subjects, facts: PlanFacts) -> Findings:
    """Every violation, in the order of rules and then of resources; what is unknown is unchecked, not a violation."""
    violations: list[Violation] = []
    unchecked: list[Unchecked] = []
    for placed in rules.rules:
        for subject, finding in _findings(placed, subjects, facts):
            address = str(subject.address) if subject else ""
            if isinstance(finding, Open):
                unchecked.append(Unchecked(rule=placed.rule.name, address=address, why=finding.why))
                continue
            place = subject.resource.place if subject else placed.place
            violations.append(
                Violation(
                    rule=placed.rule.name, severity=placed.rule.severity, address=address, file=place.file,
                    line=place.line, about=finding.about, message=finding.message, remedy=finding.remedy,
                    edit=finding.edit,
                )
            )  # fmt: skip
    return Findings(tuple(violations), tuple(unchecked))


def _findings(
    placed: PlacedRule, subjects: Subjects, facts: PlanFacts
) -> Iterator[tuple[Subject | None, Fault | Open]]:
    rule = placed.rule
    if rule.require.of_plan:
        yield from ((None, each) for each in plan_findings(rule, facts))
        return
    for subject in subjects.all:
        meant = is_meant(rule.when, subject)
        if meant is None:
            yield subject, Open("whether it is meant is not known yet")
        elif meant:
            yield from ((subject, each) for each in _about(placed, subject, subjects))


def _about(placed: PlacedRule, subject: Subject, subjects: Subjects) -> Iterable[Fault | Open]:
    need = placed.rule.require
    yield from property_findings(need, subject)
    yield from port_findings(need, subject)
    yield from relation_findings(need, subject, subjects)
