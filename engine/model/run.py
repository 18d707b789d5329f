"""Run: durable execution of a confirmed plan; Step: one change carried out, with its recorded outcome."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from engine.model.account import Account


class RunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ROLLED_BACK = "rolled_back"

    @property
    def is_over(self) -> bool:
        return self not in (RunStatus.QUEUED, RunStatus.RUNNING)


class StepStatus(StrEnum):
    PENDING = "pending"
    STARTED = "started"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class Failure(BaseModel):
    """Why a run or step failed: the error's code, its text and the next move."""

    model_config = ConfigDict(frozen=True)

    code: str
    message: str
    hint: str = ""
    address: str = ""


class Step(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    address: str
    verb: str
    status: StepStatus
    attempts: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: dict[str, Any] | None = None
    failure: Failure | None = None


class Run(BaseModel):
    """`waiting` says why a queued run has not started, where that is known."""

    model_config = ConfigDict(frozen=True)

    id: str
    plan_id: str
    workspace: str
    status: RunStatus
    serial: int
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    total: int = 0
    done: int = 0
    accounts: tuple[Account, ...] = ()
    steps: tuple[Step, ...] = ()
    failure: Failure | None = None
    cancel_requested: bool = False
    waiting: str = ""
    resumed_by: str = ""
