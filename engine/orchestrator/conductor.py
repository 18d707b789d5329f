"""The conductor: one run from its first act to its last, or on from wherever it was left."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.audit.log import AuditLog
from engine.model.change import Change
from engine.model.errors import GroundplanError, LeaseLost
from engine.model.plan import Plan
from engine.model.run import Failure, Run, RunStatus, StepStatus
from engine.model.workspace import Workspace
from engine.orchestrator.hands import Hands
from engine.orchestrator.preflight import preflight
from engine.orchestrator.retry import RetryRule
from engine.orchestrator.settings_acts import act_on_settings
from engine.orchestrator.walk import Walk, WalkResult
from engine.orchestrator.workspace_acts import WorkspaceActs
from engine.registry.providers import offers
from engine.registry.signing_in import SignIn
from engine.state.database import Database
from engine.state.journal import Journal
from engine.state.leases import Lease
from engine.state.plans import Plans
from engine.state.resources import Resources
from engine.state.runs import Runs
from engine.state.transfer import Transfer
from engine.state.workspaces import Workspaces

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Conductor:
    database: Database
    plans: Plans
    audit: AuditLog
    sign_in: SignIn
    rule: RetryRule

    async def conduct(self, run_id: str, lease: Lease, holds_lease: Callable[[], bool]) -> None:
        """Carry the run out; one that is over is left alone. Raises `LeaseLost` when another process takes over."""
        run = Runs(self.database).get(run_id)
        plan = self.plans.get(run.plan_id).plan
        if run.status.is_over or plan is None:
            return
        journal = Journal(self.database, run, lease, self.audit.entry)
        journal.begin()
        self.audit.append(
            {"event": "run.begun", "run": run.id, "plan": plan.id, "digest": plan.digest, "epoch": lease.epoch}
        )
        try:
            status, failure = await self._carry_out(run, plan, journal, holds_lease)
        except LeaseLost:
            raise
        except GroundplanError as error:
            status, failure = RunStatus.FAILED, _failure(error)
        except Exception as bug:  # noqa: BLE001 - a run must not stay at work for ever because of one
            _log.exception("run %s stopped on an unexpected error", run.id)
            text = f"an unexpected {type(bug).__name__} stopped the run."
            status, failure = (
                RunStatus.FAILED,
                Failure(code="internal", message=text, hint="Resume it, or report this."),
            )
        if plan.kind == "rollback" and status is RunStatus.SUCCEEDED:
            # Before the end, which is what everybody waits for: who then looks at the other run finds it undone.
            Runs(self.database).mark_rolled_back(plan.subject)
        journal.end(status, failure)
        self.audit.append({"event": f"run.{status.value}", "run": run.id, "error": failure.message if failure else ""})

    async def _carry_out(
        self, run: Run, plan: Plan, journal: Journal, holds_lease: Callable[[], bool]
    ) -> tuple[RunStatus, Failure | None]:
        names = {change.provider for change in plan.changes if change.effect == "resource"}
        names |= {account.provider for account in plan.accounts}
        workspaces = Workspaces(self.database)
        # A run that renames its workspace has the new name as soon as that is done, its plan never.
        known = workspaces.find(run.workspace)
        async with self.sign_in.open(plan.workspace, names) as providers:
            recorded = Resources(self.database).all(plan.workspace)
            hands = Hands(
                plan=plan, serial=run.serial, folder=Path(known.path) if known else self.sign_in.home,
                providers=providers, offers=offers(), recorded={str(each.address): each for each in recorded},
                holds_lease=holds_lease, apply_home=self._acts_on_home(workspaces, known),
            )  # fmt: skip
            journalled = journal.steps()
            if not journalled:
                await preflight(hands)
            result = await Walk(hands, journal, self.rule).run(journalled)
        return _verdict(plan, result, journal)

    def _acts_on_home(self, workspaces: Workspaces, place: Workspace | None) -> Callable[[Change], None]:
        acts = WorkspaceActs(self.sign_in.home, workspaces, Transfer(self.database))

        def act(change: Change) -> None:
            if change.effect == "settings":
                act_on_settings(self.sign_in.home, Path(place.path) if place else None, change)
            else:
                acts.act(change)

        return act


def _failure(error: GroundplanError) -> Failure:
    text = error.message
    if differences := getattr(error, "differences", ()):
        text += " " + "; ".join(differences)
    return Failure(code=error.code, message=text, hint=error.hint, address=error.address)


def _verdict(plan: Plan, result: WalkResult, journal: Journal) -> tuple[RunStatus, Failure | None]:
    if not result.failures:
        return (RunStatus.CANCELLED if result.cancelled else RunStatus.SUCCEEDED), None
    done = sum(1 for step in journal.steps().values() if step.status in (StepStatus.DONE, StepStatus.SKIPPED))
    first = result.failures[0]
    more = f" (and {len(result.failures) - 1} more)" if len(result.failures) > 1 else ""
    text = f"{first.message}{more} {done} of {len(plan.steps)} steps are done; what they did stays."
    hint = f"{first.hint} Then: plan_run resume to go on, plan_rollback to undo, or leave it.".strip()
    return RunStatus.FAILED, first.model_copy(update={"message": text, "hint": hint})
