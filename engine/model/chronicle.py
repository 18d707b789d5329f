"""Chronicle: what a workspace's past and present consist of, newest first and bounded: enough to know what moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.model.drift_check import DriftCheck
from engine.model.run import RunStatus


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that is over; `by` is who confirmed it, `changed` counts its finished steps by verb."""

    id: str
    plan_id: str
    kind: str
    status: RunStatus
    at: datetime
    resumed_by: str
    code: str
    address: str
    by: str
    channel: str
    changed: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PastPlan:
    """A plan that came to nothing: declined, expired, failed, or made on a state that is no more (`stale`)."""

    id: str
    kind: str
    outcome: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PastAct:
    """What the log tells of that made no run; `text` says why or which, `plan_id` is empty for what is the home's.

    `kind`: a plan was `declined` by a person, `denied` by the rules or `refused` when it was to be applied; looser
    consent rules were `accepted`.
    """

    kind: str
    at: datetime
    by: str
    channel: str = ""
    plan_id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class TypeState:
    """The recorded resources of one type."""

    type: str
    count: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Chronicle:
    workspace: str
    serial: int
    runs: tuple[PastRun, ...]
    plans: tuple[PastPlan, ...]
    types: tuple[TypeState, ...]
    acts: tuple[PastAct, ...] = ()
    drift: DriftCheck | None = None
