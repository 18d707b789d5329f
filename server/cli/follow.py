"""Watch a run live: a line for each step that ends, and on a terminal a bar below them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from engine.model.run import Run, RunStatus, Step, StepStatus
from server.cli.desk import Desk
from server.cli.exits import Exit
from server.cli.table import STYLES, printable
from server.render.run import MARKS, failure_text

_ENDED = (StepStatus.DONE, StepStatus.FAILED, StepStatus.SKIPPED)
_PATIENCE = 5.0


class RunWatcher:
    """Tells each step's end once, whatever the order in which they come."""

    def __init__(self, desk: Desk, run_id: str) -> None:
        self._desk = desk
        self._run_id = run_id
        self._told: set[tuple[str, StepStatus]] = set()
        self._waiting = ""
        self._bar = _bar(desk) if desk.err.is_terminal else None
        self._task = self._bar.add_task(run_id, total=None) if self._bar else None

    async def watch(self) -> Run:
        """Until the run is over."""
        shown: AbstractContextManager[object] = self._bar or nullcontext()
        with shown:
            return await _watched(self._desk, self._run_id, self._tell)

    def _tell(self, run: Run) -> None:
        if run.waiting and run.waiting != self._waiting:
            self._waiting = run.waiting
            self._desk.tell(f"Waiting: {printable(run.waiting)}")
        for step in run.steps:
            if step.status in _ENDED and (step.id, step.status) not in self._told:
                self._told.add((step.id, step.status))
                self._desk.err.print(_step_line(step))
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=run.done, total=run.total or None, description=_busy(run))


async def _watched(desk: Desk, run_id: str, tell: Callable[[Run], None]) -> Run:
    run = desk.engine.run(run_id)
    tell(run)
    while not run.status.is_over:
        run = await desk.engine.wait_run(run_id, _PATIENCE)
        tell(run)
    return run


def follow(desk: Desk, run_id: str, tell: Callable[[Run], None] | None = None) -> Run:
    """Carry the run out here, or watch whoever holds the worker lease do it, until it is over.

    `tell` is given the run whenever it moved; without one the steps are told to whoever looks on. Ctrl-C stops
    watching, not the run.
    """
    desk.engine.start_worker()
    try:
        return asyncio.run(_watched(desk, run_id, tell) if tell else RunWatcher(desk, run_id).watch())
    except KeyboardInterrupt:
        desk.tell(
            f"\nNo longer watching. Run {run_id} goes on with `{desk.line('serve')}`, or as soon as any Groundplan "
            f"process works on this home. Watch it again: {desk.line(f'runs {run_id} --follow')}"
        )
        raise typer.Exit(Exit.INTERRUPTED) from None


def end_of_run(desk: Desk, run: Run) -> None:
    """Print how it ended; leaves with an exit code unless all went well."""
    desk.show(run, *ending(desk, run))
    if run.status is not RunStatus.SUCCEEDED:
        raise typer.Exit(Exit.FAILED)


def ending(desk: Desk, run: Run) -> list[Text]:
    """The verdict in a line; after a failure also why, and the ways on."""
    took = f" in {(run.ended_at - run.started_at).total_seconds():.1f} s" if run.ended_at and run.started_at else ""
    verdict = f"Run {run.id} {run.status.value.replace('_', ' ')}: {run.done} of {run.total} steps{took}."
    why = [Text(failure_text(run.failure), style="red")] if run.failure else []
    return [Text(verdict, style=STYLES.get(run.status.value, "")), *why, *ways_on(desk, run)]


def ways_on(desk: Desk, run: Run) -> list[Text]:
    """What a person can do about a run that did not get to its end."""
    if run.status not in (RunStatus.FAILED, RunStatus.CANCELLED):
        return []
    return [
        Text("What was done stays. Then either"),
        Text(f"  go on:      {desk.line(f'runs resume {run.id}')}"),
        Text(f"  undo it:    {desk.line(f'runs rollback {run.id}')}"),
        Text("  or leave it as it is."),
    ]


def _step_line(step: Step) -> Text:
    took = f"  {(step.ended_at - step.started_at).total_seconds():.1f} s" if step.ended_at and step.started_at else ""
    why = f"  {failure_text(step.failure)}" if step.failure else ""
    return Text(
        printable(f"{MARKS[step.status]} {step.verb} {step.address}{took}{why}"), style=STYLES[step.status.value]
    )


def _busy(run: Run) -> str:
    under_way = [step.address for step in run.steps if step.status is StepStatus.STARTED]
    more = f" and {len(under_way) - 2} more" if len(under_way) > 2 else ""
    return printable(", ".join(under_way[:2]) + more or run.status.value)


def _bar(desk: Desk) -> Progress:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=desk.err, transient=True)
