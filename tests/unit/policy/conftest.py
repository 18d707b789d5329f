"""Rules as text and resources as a manifest: what is judged is what a person writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent

import pytest

from engine.manifest import apply_edits, parse
from engine.model.plan import Cost
from engine.model.violation import Violation
from engine.planner.unfold import unfold
from engine.policy.rules.evaluate import Findings, evaluate
from engine.policy.rules.plan_demands import PlanFacts
from engine.policy.rules.rule_file import RuleSet, load_rules
from engine.policy.rules.subject import Subject, Subjects
from engine.registry.providers import offers

OFFERS = offers()
FILE = "infra/main.yaml"


class Workspace:
    """A folder with rules, and a manifest as text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rules(self, text: str) -> RuleSet:
        (self.folder / "policies").mkdir(exist_ok=True)
        (self.folder / "policies" / "rules.yaml").write_text(text)
        return load_rules(self.folder, OFFERS)

    def demand(self, body: str) -> RuleSet:
        """One rule; `body` is what stands below its name."""
        return self.rules("rules:\n- name: it\n" + indent(dedent(body).strip(), "  ") + "\n")

    def look(self, rules: RuleSet, resources: str, facts: PlanFacts | None = None) -> Findings:
        return evaluate(rules, subjects(manifest(resources)), facts or PlanFacts(Cost()))

    def mended(self, rules: RuleSet, resources: str, violation: Violation) -> Findings:
        """Another look, after the edit that the violation suggests."""
        assert violation.edit is not None, violation
        return evaluate(rules, subjects(apply_edits(manifest(resources), [violation.edit])), PlanFacts(Cost()))


def manifest(resources: str) -> dict[str, str]:
    return {FILE: "provider: demo\nresources:\n" + indent(dedent(resources).strip(), "  ") + "\n"}


def subjects(files: dict[str, str]) -> Subjects:
    desired = unfold(parse(files, OFFERS), OFFERS, "ssh-ed25519 AAAA")
    found = [Subject(each, OFFERS[each.provider][each.address.type]) for each in desired.values()]
    return Subjects(found, {})


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def text_of(tmp_path: Path) -> Callable[[str], str]:
    """What is said about a rule file."""

    def said(text: str) -> str:
        try:
            Workspace(tmp_path).rules(text)
        except Exception as wrong:  # noqa: BLE001 - its words are compared
            return str(wrong)
        return ""

    return said
