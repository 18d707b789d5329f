"""Apply without anybody to ask: what was approved is built, told line by line to people or to programs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import typer

from engine.model.errors import GroundplanError
from engine.model.run import Run, RunStatus, Step
from server.approval_consent import apply_approved
from server.cli.desk import Desk
from server.cli.exits import Exit
from server.cli.follow import end_of_run, follow
from server.cli.wire import wire


class RunLines:
    """A run as lines of JSON on standard output, one for each thing that happened, in order."""

    def __init__(self) -> None:
        self._told: dict[str, str] = {}
        self._waiting = ""

    def confirmed(self, run: Run) -> None:
        _write({"event": "confirmed", "plan": run.plan_id, "run": run.id, "steps": run.total})

    def refused(self, refusal: GroundplanError) -> None:
        _write({"event": "refused", "code": refusal.code, "message": str(refusal)})

    def tell(self, run: Run) -> None:
        """Whatever moved since the last time."""
        if run.waiting and run.waiting != self._waiting:
            self._waiting = run.waiting
            _write({"event": "waiting", "run": run.id, "for": run.waiting})
        for step in run.steps:
            if self._told.get(step.id) != step.status.value:
                self._told[step.id] = step.status.value
                _write(_step_line(run, step))

    def over(self, run: Run) -> None:
        _write({"event": "done", "status": run.status.value, "run": wire(run)})


def apply_unattended(desk: Desk, plan_file: Path, approval: Path) -> None:
    """Spend the approval and see the run through; leaves with an exit code unless all went well.

    Raises whatever refuses it.
    """
    lines = RunLines() if desk.json else None
    try:
        run = apply_approved(desk.office, plan_file, approval, desk.named)
    except GroundplanError as refusal:
        if lines:
            lines.refused(refusal)
        raise
    if lines is None:
        desk.tell(f"Approved beforehand; run {run.id} has begun.")
        end_of_run(desk, follow(desk, run.id))
        return
    lines.confirmed(run)
    run = follow(desk, run.id, lines.tell)
    lines.over(run)
    if run.status is not RunStatus.SUCCEEDED:
        raise typer.Exit(Exit.FAILED)


def _step_line(run: Run, step: Step) -> dict[str, Any]:
    line = {"event": "step", "run": run.id, "address": step.address, "verb": step.verb, "status": step.status.value}
    return {**line, "failure": wire(step.failure)} if step.failure else line


def _write(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")
    # A pipeline reads along, and may be cut off at any line.
    sys.stdout.flush()
