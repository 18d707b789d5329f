"""PlanRecord: a stored plan with what became of it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from engine.model.plan import Plan, PlanStatus
from engine.model.run import Failure


class PlanRecord(BaseModel):
    """`plan` is missing while it is being made, and when making it failed (then `failure` says why)."""

    model_config = ConfigDict(frozen=True)

    id: str
    workspace: str
    status: PlanStatus
    plan: Plan | None = None
    run_id: str = ""
    failure: Failure | None = None
