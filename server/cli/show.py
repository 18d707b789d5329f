"""`groundplan show`: one plan, run or resource."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.model.errors import NotFound
from engine.model.plan_record import PlanRecord
from server.cli.command import command
from server.cli.completion import complete_anything
from server.cli.desk import Desk
from server.cli.hand_out import OutOption, hand_out
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
    out: OutOption = None,
) -> None:
    """Print one plan, run or resource; a plan also into a file."""
    record = _plan(desk, what) if out or "." not in what else None
    if record is not None:
        plan = show_plan(desk, record)
        if out:
            hand_out(desk, plan, out)
    elif out:
        raise typer.BadParameter("only a plan is written as a file.", param_hint="--out")
    elif "." in what:
        show_resource(desk, what, history=False)
    else:
        _show_run(desk, what)


def _plan(desk: Desk, what: str) -> PlanRecord | None:
    try:
        return desk.engine.plan(what)
    except NotFound:
        return None


def _show_run(desk: Desk, what: str) -> None:
    try:
        show_run(desk, desk.engine.run(what))
    except NotFound:
        raise NotFound(
            f"Neither a plan nor a run is called {what[:60]!r}.",
            hint="An address has a dot in it, such as server.web.",
        ) from None
