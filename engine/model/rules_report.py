"""RulesReport: the rules of a workspace, and how its manifest stands by them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from engine.model.violation import Severity, Unchecked, Violation


class RuleSummary(BaseModel):
    """One rule in words; `file` and `line` are where it is written."""

    model_config = ConfigDict(frozen=True)

    name: str
    description: str
    severity: Severity
    applies_to: str
    requires: str
    file: str
    line: int


class RulesReport(BaseModel):
    """`checked` counts the resources that were looked at."""

    model_config = ConfigDict(frozen=True)

    rules: tuple[RuleSummary, ...]
    checked: int
    violations: tuple[Violation, ...]
    unchecked: tuple[Unchecked, ...]

    @property
    def denies(self) -> bool:
        return any(each.severity == "deny" for each in self.violations)
