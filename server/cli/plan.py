"""`groundplan plan`: what would change, and nothing changes."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.model.request import PlanChange, PlanDestroy
from server.cli.command import command
from server.cli.completion import complete_address
from server.cli.desk import Desk
from server.cli.exits import Exit
from server.cli.hand_out import OutOption, hand_out
from server.cli.proposal import is_empty, propose, show_plan

AddressesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ADDRESS",
        help="With --destroy: only these, and what depends on them.",
        autocompletion=complete_address,
    ),
]


def register(app: typer.Typer) -> None:
    command(app, "plan")(plan)


def plan(
    desk: Desk,
    addresses: AddressesArgument = None,
    destroy: Annotated[bool, typer.Option("--destroy", help="Plan to delete instead.")] = False,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit with 4 if anything would change.")
    ] = False,
    out: OutOption = None,
) -> None:
    """Make a plan from the manifest and print it; nothing is changed."""
    if addresses and not destroy:
        raise typer.BadParameter(
            "addresses go with --destroy; without it the whole manifest is planned.", param_hint="ADDRESS"
        )
    request = PlanDestroy(tuple(addresses or ())) if destroy else PlanChange()
    made = show_plan(desk, propose(desk, request, workspace=desk.workspace.name))
    if out and not is_empty(made):
        hand_out(desk, made, out)
    elif not is_empty(made):
        desk.tell(f"Confirm it: {desk.line(f'confirm {made.id}')}")
    if detailed_exitcode and not is_empty(made):
        raise typer.Exit(Exit.DIFFERENT)
