"""`groundplan confirm`: a person's yes to a stored plan."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from server.cli.command import command
from server.cli.completion import complete_plan
from server.cli.desk import Desk
from server.cli.exits import Exit
from server.cli.follow import end_of_run, follow
from server.cli.proposal import confirm_here
from server.page_consent import confirm_on_page


def register(app: typer.Typer) -> None:
    command(app, "confirm")(confirm)


def confirm(
    desk: Desk,
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="The plan's id.", autocompletion=complete_plan)],
    page: Annotated[bool, typer.Option("--page", help="Ask in your browser instead of at this terminal.")] = False,
) -> None:
    """Show a stored plan, ask you to confirm it, and see its run through."""
    if page:
        _on_page(desk, plan)
    else:
        confirm_here(desk, plan)


def _on_page(desk: Desk, plan_id: str) -> None:
    tell = desk.tell if desk.at_terminal else None
    run_id = asyncio.run(confirm_on_page(desk.office, plan_id, tell))
    if not run_id:
        desk.tell("Not confirmed; nothing was changed.")
        raise typer.Exit(Exit.UNCONFIRMED)
    end_of_run(desk, follow(desk, run_id))
