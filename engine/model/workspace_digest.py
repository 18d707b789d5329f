"""WorkspaceDigest: a workspace at a glance: what is here, what changed lately, what is wrong now, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TypeCount:
    type: str
    provider: str
    count: int


@dataclass(frozen=True, slots=True)
class RecentRun:
    """`summary` says in a few words what it did or was to do, `failure` why it failed."""

    id: str
    uri: str
    kind: str
    status: str
    at: datetime
    summary: str
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong now, with the next move."""

    kind: str
    text: str
    next: str
    uri: str = ""


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """A plan that waits for a person; `is_stale` where the state has moved since: it would be refused."""

    id: str
    uri: str
    kind: str
    summary: str
    risk: str
    expires_at: datetime
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class WorkspaceDigest:
    """`monthly` is what its resources cost a month as far as they can be priced; `unpriced` counts the others."""

    workspace: str
    path: str
    serial: int
    as_of: datetime
    total: int
    counts: tuple[TypeCount, ...] = ()
    recent: tuple[RecentRun, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    waiting: tuple[WaitingPlan, ...] = ()
    monthly: float = 0.0
    currency: str = "EUR"
    unpriced: int = 0
