"""What differs between the last runs and the world, as an answer."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from engine.model.finding import Finding
from engine.model.query import DriftReport
from server.render.answers.answer import Answer
from server.render.answers.limits import part, shown
from server.render.clean import visible

FINDINGS_AT_ONCE = 50


class FindingEcho(BaseModel):
    """`diff` is a list of {path, before, after}."""

    address: str
    kind: str
    text: str
    diff: list[dict[str, Any]]


class DriftAnswer(Answer):
    checked: int
    drifted: int
    findings: list[FindingEcho]
    cursor: str | None = None


def drift_answer(report: DriftReport, cursor: str = "") -> DriftAnswer:
    """Raises `Invalid` for a cursor that no answer gave out."""
    findings, following = part([_finding(each) for each in report.findings], cursor, FINDINGS_AT_ONCE)
    mend = "plan_change without edits proposes what brings the world back in line with the manifest."
    return DriftAnswer(
        workspace=visible(report.workspace), checked=report.checked, drifted=len(report.findings), findings=findings,
        cursor=following or None, next=mend if report.findings else "No drift: what exists is what the last runs left.",
    )  # fmt: skip


def _finding(finding: Finding) -> FindingEcho:
    diff = [
        {"path": visible(each.path), "before": shown(each.before), "after": shown(each.after)} for each in finding.diff
    ]
    return FindingEcho(address=visible(finding.address), kind=finding.kind, text=visible(finding.text), diff=diff)
