"""`groundplan destroy`: plan a deletion, ask, delete."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.model.request import PlanDestroy
from server.cli.command import command
from server.cli.completion import complete_address
from server.cli.desk import Desk
from server.cli.proposal import propose, settle


def register(app: typer.Typer) -> None:
    command(app, "destroy")(destroy)


def destroy(
    desk: Desk,
    addresses: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ADDRESS",
            help="Only these, and what depends on them; else everything.",
            autocompletion=complete_address,
        ),
    ] = None,
) -> None:
    """Plan to delete, ask you at this terminal, and delete what you confirmed."""
    settle(desk, propose(desk, PlanDestroy(tuple(addresses or ())), workspace=desk.workspace.name))
