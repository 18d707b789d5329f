"""Recorded resources as answers: a line of a search, and one with its neighbours and its past."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from engine.model.query import HistoryEntry, ResourceView
from engine.model.resource import Recorded
from engine.model.unknown import to_wire
from server.render.answers.answer import Answer
from server.render.answers.limits import LONGEST_LIST, shown
from server.render.clean import visible

_LONGEST_PROPERTY = 2_000


class ResourceLine(BaseModel):
    address: str
    provider: str
    id: str
    labels: dict[str, str]
    updated_at: str


class HistoryLine(BaseModel):
    serial: int
    action: str
    run_id: str
    at: datetime


class ResourceAnswer(Answer):
    address: str
    provider: str
    id: str
    properties: dict[str, Any]
    labels: dict[str, str]
    lineage: str
    prevent_destroy: bool
    needs: list[str]
    needed_by: list[str]
    history: list[HistoryLine]
    updated_at: str


def resource_line(recorded: Recorded) -> ResourceLine:
    return ResourceLine(
        address=visible(str(recorded.address)), provider=recorded.provider, id=visible(recorded.id),
        labels=shown(recorded.labels), updated_at=recorded.updated_at,
    )  # fmt: skip


def resource_answer(view: ResourceView) -> ResourceAnswer:
    recorded = view.recorded
    return ResourceAnswer(
        address=visible(str(recorded.address)), provider=recorded.provider, id=visible(recorded.id),
        properties=shown(to_wire(recorded.properties), _LONGEST_PROPERTY), labels=shown(recorded.labels),
        lineage=recorded.lineage, prevent_destroy=recorded.prevent_destroy,
        needs=shown(view.needs), needed_by=shown(view.needed_by),
        history=[_past(each) for each in view.history[:LONGEST_LIST]], updated_at=recorded.updated_at,
        next="Propose a change of it with plan_change, or see whether the provider agrees with check_drift.",
    )  # fmt: skip


def _past(entry: HistoryEntry) -> HistoryLine:
    return HistoryLine(serial=entry.serial, action=entry.action, run_id=entry.run_id, at=entry.at)
