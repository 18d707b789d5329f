"""`groundplan rules`: the workspace's own rules, and how its manifest stands by them."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.model.errors import NotFound
from engine.model.rules_report import RulesReport, RuleSummary
from engine.model.violation import Violation
from server.cli.command import command
from server.cli.completion import complete_rule
from server.cli.desk import Desk
from server.cli.exits import Exit
from server.cli.table import printable, table

NO_RULES = "This workspace has no rules of its own: they stand in policies/rules.yaml."


def register(app: typer.Typer) -> None:
    command(app, "rules")(rules)


def rules(
    desk: Desk,
    what: Annotated[
        str,
        typer.Argument(metavar="WHAT", autocompletion=complete_rule, help="check, or the name of one rule."),
    ] = "",
) -> None:
    """List the workspace's own rules or print one; check the manifest against them (exits with 1 where one denies)."""
    if what == "check":
        _check(desk)
        return
    found = desk.engine.rules(desk.workspace.name)
    if what:
        _print(desk, found, what)
        return
    rows = [(each.name, each.severity, each.applies_to, each.requires) for each in found]
    desk.show(found, table(("rule", "severity", "about", "demands"), rows) if rows else NO_RULES)


def _print(desk: Desk, found: tuple[RuleSummary, ...], name: str) -> None:
    """Raises `NotFound`."""
    rule = next((each for each in found if each.name == name), None)
    if rule is None:
        raise NotFound(f"There is no rule {name[:60]!r}.", hint=f"List them: {desk.line('rules')}")
    place = f"{rule.file}:{rule.line}"
    rows = [
        ("why", rule.description or "(not said)"), ("severity", rule.severity), ("about", rule.applies_to),
        ("demands", rule.requires), ("stands in", place),
    ]  # fmt: skip
    desk.show(rule, table(("rule", rule.name), rows))


def _check(desk: Desk) -> None:
    report = desk.engine.check_rules(desk.workspace.name)
    rows = [(each.severity, each.rule, each.address, _place(each), _fault(each)) for each in report.violations]
    sheets = [table(("severity", "rule", "address", "place", "violation"), rows)] if rows else []
    open_ones = [f"Unchecked: {printable(each.text)}" for each in report.unchecked]
    desk.show(report, *sheets, *open_ones, _count(report))
    for edit in dict.fromkeys(each.edit.model_dump_json(exclude_none=True) for each in report.violations if each.edit):
        desk.tell(f"As an edit for plan_change: {printable(edit)}")
    if report.denies:
        raise typer.Exit(Exit.FAILED)


def _place(violation: Violation) -> str:
    return f"{violation.file}:{violation.line}" if violation.line else violation.file


def _fault(violation: Violation) -> str:
    return f"{violation.message}. {violation.remedy}".rstrip()


def _count(report: RulesReport) -> str:
    if not report.rules:
        return NO_RULES
    looked = f"{len(report.rules)} rules, {report.checked} resources"
    denying = sum(each.severity == "deny" for each in report.violations)
    warning = len(report.violations) - denying
    return f"{looked}: {denying} to deny, {warning} to warn of, {len(report.unchecked)} unchecked."
