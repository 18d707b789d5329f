"""`groundplan show`: one plan, run or resource."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.model.errors import NotFound
from server.cli.command import command
from server.cli.completion import complete_anything
from server.cli.desk import Desk
from server.cli.proposal import show_plan
from server.cli.runs import show_run
from server.cli.state import show_resource


def register(app: typer.Typer) -> None:
    command(app, "show")(show)


def show(
    desk: Desk,
    what: Annotated[
        str, typer.Argument(metavar="PLAN|RUN|ADDRESS", help="An id or an address.", autocompletion=complete_anything)
    ],
) -> None:
    """Print one plan, run or resource."""
    if "." in what:
        show_resource(desk, what, history=False)
        return
    try:
        record = desk.engine.plan(what)
    except NotFound:
        try:
            show_run(desk, desk.engine.run(what))
        except NotFound:
            raise NotFound(
                f"Neither a plan nor a run is called {what[:60]!r}.",
                hint="An address has a dot in it, such as server.web.",
            ) from None
        return
    show_plan(desk, record)
