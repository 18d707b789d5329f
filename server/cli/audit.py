"""`groundplan audit`: is the log whole, and what does it say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from server.cli.command import command
from server.cli.desk import Desk
from server.cli.exits import Exit
from server.cli.table import table

_HEAD = ("n", "at", "event", "by", "seal")


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True)
    command(group, "verify")(verify)
    command(group, "tail")(tail)
    app.add_typer(group, name="audit", help="Check the audit log, or read its end.")


def verify(desk: Desk) -> None:
    """Find a changed, removed, reordered or cut-off line of the audit log; exit with 1 if there is one."""
    verdict = desk.engine.verify_audit()
    desk.show(verdict, verdict.text)
    if not verdict.intact:
        raise typer.Exit(Exit.FAILED)


def tail(
    desk: Desk, count: Annotated[int, typer.Option("--lines", "-n", min=1, max=10_000, help="How many lines.")] = 20
) -> None:
    """Print the last lines of the audit log: who proposed, confirmed, refused, and what was done."""
    lines = desk.engine.audit_tail(count)
    rows = [
        (line.get("n"), str(line.get("at", ""))[:19], line.get("event"), line.get("by"), _facts(line)) for line in lines
    ]
    desk.show(lines, table(("line", "at", "event", "by", ""), rows) if rows else "Nothing was recorded yet.")


def _facts(line: Mapping[str, object]) -> str:
    return " ".join(
        f"{name}={_short(name, value)}" for name, value in line.items() if name not in _HEAD and value not in ("", None)
    )


def _short(name: str, value: object) -> str:
    return str(value)[:12] if name == "digest" else str(value)
