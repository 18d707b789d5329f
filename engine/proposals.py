"""Proposals: requests become filed plans, each made in a thread of its own, with every ending told to the audit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from engine.audit.log import AuditLog
from engine.model.errors import GroundplanError, PolicyDenied, first_known
from engine.model.plan_record import PlanRecord
from engine.model.principal import Principal
from engine.model.request import PlanChange, PlanDestroy, PlanRollback, PlanRun, PlanWorkspace, Request
from engine.model.run import Failure
from engine.planner.proposer import Proposer
from engine.policy.confirmable import refuse_denied
from engine.settings.consent_rules import ConsentRules
from engine.state.plans import Plans, expires

_KINDS = {PlanChange: "change", PlanDestroy: "destroy", PlanRollback: "rollback", PlanWorkspace: "workspace"}
_AT_ONCE = 4


class Proposals:
    """`rules_of` tells the consent rules of a workspace, by its name, as they are now."""

    def __init__(
        self, proposer: Proposer, plans: Plans, audit: AuditLog, rules_of: Callable[[str], ConsentRules], seconds: float
    ) -> None:
        self._proposer, self._plans, self._audit = proposer, plans, audit
        self._rules_of, self._seconds = rules_of, seconds
        self._planners = ThreadPoolExecutor(_AT_ONCE, "groundplan-planner")

    async def propose(self, workspace: str | None, request: Request, by: Principal) -> PlanRecord:
        """The filed plan; after so many seconds its record as it is then, and the plan goes on being made."""
        name = request.name if isinstance(request, PlanWorkspace) else self._subject(workspace, request)
        rules = self._rules_of(name)
        kind = request.op if isinstance(request, PlanRun) else _KINDS[type(request)]
        plan_id = self._plans.begin(name, kind, expires(rules.expires_minutes).timestamp())
        # In a thread with a loop of its own: comparing ten thousand resources must not hold up other calls.
        making = asyncio.get_running_loop().run_in_executor(
            self._planners, lambda: asyncio.run(self._make(plan_id, name, request, by))
        )
        done, _ = await asyncio.wait({making}, timeout=self._seconds)
        return making.result() if done else self._plans.get(plan_id)

    def close(self) -> None:
        self._planners.shutdown(wait=False, cancel_futures=True)

    async def _make(self, plan_id: str, name: str, request: Request, by: Principal) -> PlanRecord:
        try:
            made = refuse_denied(await self._proposer.propose(plan_id, name, request, by, self._rules_of(name)))
        except BaseExceptionGroup as several:
            error = first_known(several)
            self._give_up(plan_id, error, by)
            raise error from None
        except Exception as error:
            self._give_up(plan_id, error, by)
            raise
        record = self._plans.file(made)
        self._audit.append({
            "event": "plan.proposed", "by": str(by), "plan": plan_id, "digest": made.digest,
            "workspace": made.workspace, "risk": made.risk.level.value, "decision": made.decision.effect,
        })  # fmt: skip
        return record

    def _give_up(self, plan_id: str, error: BaseException, by: Principal) -> None:
        known = isinstance(error, GroundplanError)
        text = error.message if known else f"an unexpected {type(error).__name__} stopped the planning."
        self._plans.fail(
            plan_id, Failure(code=error.code if known else "internal", message=text, hint=error.hint if known else "")
        )
        self._audit.append({
            "event": "plan.denied" if isinstance(error, PolicyDenied) else "plan.failed",
            "by": str(by), "plan": plan_id, "error": text,
        })  # fmt: skip

    def _subject(self, workspace: str | None, request: Request) -> str:
        if isinstance(request, PlanRun | PlanRollback):
            return self._proposer.runs.get(request.run_id).workspace
        return self._proposer.workspaces.get(workspace).name
