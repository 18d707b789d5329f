"""`groundplan drift`: where the world is no longer as the last run left it."""

from __future__ import annotations

import asyncio

import typer

from engine.model.finding import Finding
from server.cli.command import command
from server.cli.desk import Desk
from server.cli.exits import Exit
from server.cli.table import table


def register(app: typer.Typer) -> None:
    command(app, "drift")(drift)


def drift(desk: Desk) -> None:
    """Compare what the last run left with what the providers report now; exit with 4 if they differ."""
    report = asyncio.run(desk.engine.drift(desk.workspace.name))
    rows = [(found.kind, found.address, _difference(found)) for found in report.findings]
    count = f"{report.checked} resource{'' if report.checked == 1 else 's'} checked"
    if not report.findings:
        desk.show(report, f"No drift: {count}, all as the last run left them.")
        return
    desk.show(report, table(("drift", "address", "difference"), rows), f"{count}, {len(report.findings)} drifted.")
    desk.tell(f"See what would put it right: {desk.line('plan')}")
    raise typer.Exit(Exit.DIFFERENT)


def _difference(found: Finding) -> str:
    if not found.diff:
        return found.text
    return "; ".join(f"{each.path}: {each.before!r} is now {each.after!r}" for each in found.diff)
