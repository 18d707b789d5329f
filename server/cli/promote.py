"""`groundplan promote`: the manifest of another environment becomes this one's: plan it, ask, build."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.model.request import PlanChange
from server.cli.command import command
from server.cli.completion import complete_workspace
from server.cli.desk import Desk
from server.cli.proposal import propose, settle


def register(app: typer.Typer) -> None:
    command(app, "promote")(promote)


def promote(
    desk: Desk,
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE", autocompletion=complete_workspace, help="The workspace whose manifest is to be taken."
        ),
    ],
) -> None:
    """Make this workspace's manifest equal to another environment's of the same project, ask you, and build it."""
    settle(desk, propose(desk, PlanChange(promote_from=source), workspace=desk.workspace.name))
