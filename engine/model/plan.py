"""Plan: immutable, ordered changes with risk, cost, decision and rollback; identified by its digest."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from engine.model.account import Account
from engine.model.action import Action
from engine.model.change import Change
from engine.model.decision import Decision
from engine.model.principal import Principal

PlanKind = Literal["change", "destroy", "rollback", "workspace", "settings", "resume", "cancel"]


class PlanStatus(StrEnum):
    PLANNING = "planning"
    PENDING = "pending"
    APPLIED = "applied"
    DECLINED = "declined"
    EXPIRED = "expired"
    FAILED = "failed"


class RiskLevel(StrEnum):
    """`low` only adds or changes reversibly; `high` deletes, replaces, touches data or can't be undone."""

    LOW = "low"
    HIGH = "high"


class Risk(BaseModel):
    model_config = ConfigDict(frozen=True)

    level: RiskLevel
    reasons: tuple[str, ...] = ()


class Cost(BaseModel):
    """Monthly price before and after, of what the providers can price; `unpriced` counts the rest."""

    model_config = ConfigDict(frozen=True)

    before: float = 0.0
    after: float = 0.0
    currency: str = "EUR"
    unpriced: int = 0


class FileEdit(BaseModel):
    """A file of the workspace as it is to be; `before_sha256` is empty for a new one, `text` null to remove it."""

    model_config = ConfigDict(frozen=True)

    path: str
    before_sha256: str
    before: str = ""
    text: str | None
    diff: str

    @property
    def address(self) -> str:
        return f"file:{self.path}"

    def change(self) -> Change:
        """The edit as a change beside the resources'."""
        action = Action.DELETE if self.text is None else Action.UPDATE if self.before_sha256 else Action.CREATE
        return Change(address=self.address, effect="file", action=action, reason="the manifest is brought in line")


class PlannedStep(BaseModel):
    """One act of a run: `id` is `address:verb`; it starts when every step in `after` is done."""

    model_config = ConfigDict(frozen=True)

    id: str
    address: str
    verb: Literal["create", "update", "delete", "adopt", "forget", "write"]
    after: tuple[str, ...] = ()


class Plan(BaseModel):
    """What will be done, exactly.

    `serial` is the workspace's state serial it was made on; `subject` names the run or workspace it is about.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    workspace: str
    kind: PlanKind
    subject: str = ""
    created_at: datetime
    expires_at: datetime
    by: Principal
    serial: int
    accounts: tuple[Account, ...] = ()
    changes: tuple[Change, ...] = ()
    steps: tuple[PlannedStep, ...] = ()
    files: tuple[FileEdit, ...] = ()
    risk: Risk = Risk(level=RiskLevel.LOW)
    cost: Cost = Cost()
    decision: Decision = Decision(effect="needs-approval")
    rollback: str = ""
    warnings: tuple[str, ...] = ()
    digest: str = ""

    def computed_digest(self) -> str:
        """SHA-256 over the canonical JSON of everything that decides what is done, to what, and in whose account.

        Who asked and when are left out: the same effects on the same world have the same digest.
        """
        body = self.model_dump(mode="json", exclude={"id", "created_at", "expires_at", "by", "digest"})
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def sealed(self) -> Plan:
        """The same plan with its digest in place."""
        return self.model_copy(update={"digest": self.computed_digest()})

    @property
    def effective(self) -> tuple[Change, ...]:
        """The changes that change something."""
        return tuple(change for change in self.changes if change.action is not Action.NO_OP)

    def summary(self) -> dict[str, int]:
        """How many addresses meet each action; no-ops are not counted."""
        counted = Counter(change.action for change in self.changes)
        return {action.value: counted[action] for action in Action if action is not Action.NO_OP}

    @property
    def by_address(self) -> dict[str, Change]:
        """Every change by address, the edits of files among them."""
        return {change.address: change for change in (*self.changes, *(edit.change() for edit in self.files))}

    @property
    def is_empty(self) -> bool:
        """There is nothing to do."""
        return not self.steps

    def wire(self) -> dict[str, Any]:
        return self.model_dump(mode="json")
