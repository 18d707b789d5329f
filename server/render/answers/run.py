"""A run as `get_run` answers it, and a line of the list of runs."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from engine.model.run import Run, RunStatus, Step
from server.render.answers.answer import Answer, ErrorEcho, echo, error_echo
from server.render.answers.limits import clipped, part
from server.render.clean import visible

STEPS_AT_ONCE = 100
_LONGEST_FAILURE = 500
_GOING_ON = "Call get_run again with wait_seconds 20 until it is over."
_MOVES = {
    RunStatus.QUEUED: _GOING_ON,
    RunStatus.RUNNING: _GOING_ON,
    RunStatus.SUCCEEDED: "All done. find_resources shows what there is now.",
    RunStatus.FAILED: (
        "Tell the person what was done and what was not, then ask: plan_run with op resume goes on, "
        "plan_rollback undoes what was done, or leave it as it is."
    ),
    RunStatus.CANCELLED: "Stopped between two steps. plan_run with op resume goes on; plan_rollback undoes it.",
    RunStatus.ROLLED_BACK: "What it did was undone.",
}


class StepEcho(BaseModel):
    address: str
    verb: str
    status: str
    attempts: int
    error: str | None = None


class RunAnswer(Answer):
    run_id: str
    plan_id: str
    status: str
    done: int
    total: int
    steps: list[StepEcho]
    cursor: str | None = None
    error: ErrorEcho | None = None
    waiting: str | None = None
    cancel_requested: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None


class RunLine(BaseModel):
    run_id: str
    plan_id: str
    status: str
    done: int
    total: int
    created_at: datetime


def run_answer(run: Run, cursor: str = "") -> RunAnswer:
    """Raises `Invalid` for a cursor that no answer gave out."""
    steps, following = part([_step(each) for each in run.steps], cursor, STEPS_AT_ONCE)
    return RunAnswer(
        workspace=visible(run.workspace), accounts=echo(run.accounts), run_id=run.id, plan_id=run.plan_id,
        status=run.status.value, done=run.done, total=run.total, steps=steps, cursor=following or None,
        error=error_echo(run.failure), waiting=visible(run.waiting) or None, cancel_requested=run.cancel_requested,
        started_at=run.started_at, ended_at=run.ended_at, next=next_move(run),
    )  # fmt: skip


def run_line(run: Run) -> RunLine:
    return RunLine(
        run_id=run.id,
        plan_id=run.plan_id,
        status=run.status.value,
        done=run.done,
        total=run.total,
        created_at=run.created_at,
    )


def next_move(run: Run) -> str:
    return _MOVES[run.status]


def _step(step: Step) -> StepEcho:
    words = f"{step.failure.message} {step.failure.hint}".strip() if step.failure else ""
    failure = clipped(visible(words), _LONGEST_FAILURE) or None
    return StepEcho(
        address=visible(step.address), verb=step.verb, status=step.status.value, attempts=step.attempts, error=failure
    )
