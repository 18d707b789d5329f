"""run_text: a run as plain text."""

from __future__ import annotations

from collections.abc import Iterable

from engine.model.run import Failure, Run, RunStatus, Step, StepStatus
from server.render.clean import visible

MARKS = {
    StepStatus.PENDING: "·", StepStatus.STARTED: "…", StepStatus.DONE: "✓", StepStatus.FAILED: "✗",
    StepStatus.SKIPPED: "-",
}  # fmt: skip


def run_text(run: Run) -> str:
    """Its status, each step, and what failed with the next move."""
    return "\n".join(_run_lines(run)) + "\n"


def failure_text(failure: Failure) -> str:
    where = f"{failure.address}: " if failure.address else ""
    return visible(f"{where}{failure.message}" + (f" {failure.hint}" if failure.hint else ""))


def _run_lines(run: Run) -> Iterable[str]:
    yield f"Run {run.id} of plan {run.plan_id} in {visible(run.workspace, lines=False)}"
    yield f"{run.status.value}, {run.done} of {run.total} steps"
    if run.waiting and run.status is RunStatus.QUEUED:
        yield f"Waiting: {visible(run.waiting, lines=False)}"
    for step in run.steps:
        yield from _step_lines(step)
    if run.failure:
        yield f"Failed: {failure_text(run.failure)}"


def _step_lines(step: Step) -> Iterable[str]:
    again = f", attempt {step.attempts}" if step.attempts > 1 else ""
    yield f"  {MARKS[step.status]} {step.verb} {visible(step.address, lines=False)}: {step.status.value}{again}"
    if step.failure:
        yield f"      {failure_text(step.failure)}"
