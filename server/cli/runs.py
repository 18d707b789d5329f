"""`groundplan runs`: what was carried out, and how to go on after a failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from engine.model.request import PlanRollback, PlanRun
from engine.model.run import Run
from server.cli.command import command
from server.cli.completion import complete_run
from server.cli.desk import Desk
from server.cli.follow import end_of_run, follow, ways_on
from server.cli.proposal import propose, settle
from server.cli.table import ago, table
from server.render.run import run_text

_REQUESTS: dict[str, Callable[[str], PlanRun | PlanRollback]] = {
    "resume": lambda run_id: PlanRun("resume", run_id),
    "cancel": lambda run_id: PlanRun("cancel", run_id),
    "rollback": PlanRollback,
}


def register(app: typer.Typer) -> None:
    command(app, "runs")(runs)


def _complete_words(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    acts = [(act, f"{act} a run") for act in _REQUESTS if act.startswith(incomplete)]
    return acts + complete_run(ctx, incomplete)


def runs(
    desk: Desk,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="RUN|ACT RUN", autocompletion=_complete_words, help="A run; before it resume, cancel or rollback."
        ),
    ] = None,
    follow_it: Annotated[bool, typer.Option("--follow", "-f", help="Watch the run until it is over.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many to list.")] = 20,
) -> None:
    """List runs; print one; resume, cancel or roll one back (planned first, then you are asked)."""
    match words or []:
        case []:
            _list(desk, limit)
        case [act, run_id] if act in _REQUESTS:
            _act(desk, act, run_id)
        case [run_id] if run_id not in _REQUESTS:
            if follow_it:
                end_of_run(desk, follow(desk, run_id))
            else:
                show_run(desk, desk.engine.run(run_id))
        case _:
            raise typer.BadParameter(
                "write `runs`, `runs RUN`, or `runs resume|cancel|rollback RUN`.", param_hint="RUN"
            )


def _list(desk: Desk, limit: int) -> None:
    page = desk.engine.runs(desk.workspace.name, limit=limit)
    rows = [
        (run.id, run.status.value, f"{run.done}/{run.total}", run.plan_id, ago(run.created_at)) for run in page.items
    ]
    desk.show(page, table(("run", "status", "steps", "plan", "started"), rows) if rows else "No runs yet.")


def _act(desk: Desk, act: str, run_id: str) -> None:
    run = desk.engine.run(run_id)
    settle(desk, propose(desk, _REQUESTS[act](run_id), workspace=run.workspace))


def show_run(desk: Desk, run: Run) -> None:
    """One run with its steps, and where it failed the ways on."""
    desk.show(run, run_text(run).rstrip("\n"), *ways_on(desk, run))
