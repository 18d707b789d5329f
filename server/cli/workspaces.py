"""`groundplan workspaces`: which there are; switch to one, register a folder, archive one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.model.request import PlanWorkspace
from server.cli.command import command
from server.cli.completion import complete_workspace
from server.cli.desk import Desk
from server.cli.proposal import propose, settle
from server.cli.table import ago, table


def register(app: typer.Typer) -> None:
    command(app, "workspaces")(workspaces)


def _complete_words(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    acts = [(act, f"{act} a workspace") for act in ("switch", "archive") if act.startswith(incomplete)]
    return acts + complete_workspace(ctx, incomplete)


def workspaces(
    desk: Desk,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="ACT NAME", autocompletion=_complete_words, help="switch or archive, and which."),
    ] = None,
    archived: Annotated[bool, typer.Option("--archived", help="List archived ones too.")] = False,
) -> None:
    """List workspaces; switch to one or archive one (planned first, then you are asked)."""
    match words or []:
        case []:
            _list(desk, archived)
        case ["switch", name]:
            settle(desk, propose(desk, PlanWorkspace("switch", name)))
        case ["archive", name]:
            settle(desk, propose(desk, PlanWorkspace("archive", name)))
        case _:
            raise typer.BadParameter(
                "write `workspaces`, `workspaces switch NAME` or `workspaces archive NAME`.", param_hint="NAME"
            )


def _list(desk: Desk, archived: bool) -> None:
    found = desk.engine.workspaces(archived=archived)
    rows = [
        (
            "*" if each.active else "",
            each.name,
            each.serial,
            "archived" if each.archived else ago(each.created_at),
            Path(each.path),
        )
        for each in found
    ]
    desk.show(
        found,
        table(("", "name", "serial", "created", "folder"), rows) if rows else f"No workspace yet: {desk.line('init')}",
    )
