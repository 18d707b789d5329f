"""Runs: how far one is, or the list."""

from __future__ import annotations

import time

from engine.model.run import Run
from server.office import Office
from server.render.answers.answer import Answer, echo
from server.render.answers.run import RunAnswer, RunLine, run_answer, run_line
from server.render.clean import visible
from server.tools.arguments import Call, Cursor, RunId, WaitSeconds, WorkspaceName, office_of, workspace_meant
from server.tools.offer import Offer

_AT_ONCE = 20
_SIGN_OF_LIFE_SECONDS = 5.0


class RunsAnswer(Answer):
    runs: list[RunLine]
    cursor: str | None = None


async def get_run(ctx: Call, run_id: RunId, wait_seconds: WaitSeconds = 0, cursor: Cursor = None) -> RunAnswer:
    """Show a run: status, steps done, the error and the next move. With wait_seconds it answers when the run is
    over or the time is up; poll with wait_seconds 20 until status is not queued or running."""
    run = await _followed(ctx, office_of(ctx), run_id, wait_seconds)
    return run_answer(run, cursor or "")


async def list_runs(ctx: Call, workspace: WorkspaceName = None, cursor: Cursor = None) -> RunsAnswer:
    """List a workspace's runs, newest first."""
    office = office_of(ctx)
    engine = await office.opened()
    name = (await workspace_meant(office, workspace)).name
    page = engine.runs(name, cursor=cursor or "", limit=_AT_ONCE)
    return RunsAnswer(
        workspace=name, accounts=echo(await office.accounts(name)),
        runs=[run_line(each) for each in page.items], cursor=page.cursor or None,
    )  # fmt: skip


async def _followed(ctx: Call, office: Office, run_id: str, seconds: float) -> Run:
    """The run when it is over or the time is up; each move, and the lack of one, is reported as progress."""
    engine = await office.opened()
    run = engine.run(run_id)
    until = time.monotonic() + seconds
    while not run.status.is_over and (left := until - time.monotonic()) > 0:
        run = await engine.wait_run(run_id, min(left, _SIGN_OF_LIFE_SECONDS))
        # Progress must grow with every report, so the time that passed stands behind the point.
        passed = seconds - max(0.0, until - time.monotonic())
        await ctx.report_progress(
            run.done + passed / (seconds + 1), run.total, f"{visible(run.status.value)}: {run.done} of {run.total}"
        )
    if run.status.is_over:
        office.catch_up()
    return run


OFFERS = (Offer(get_run, "read", "runs"), Offer(list_runs, "read", "runs"))
