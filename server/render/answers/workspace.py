"""Workspaces as answers."""

from __future__ import annotations

from pydantic import BaseModel

from engine.model.plan_record import PlanRecord
from engine.model.query import Page
from engine.model.resource import Recorded
from engine.model.run import Run
from engine.model.workspace import Workspace
from server.render.answers.answer import Answer
from server.render.answers.run import RunLine, run_line
from server.render.clean import visible


class WorkspaceLine(BaseModel):
    name: str
    path: str
    serial: int
    active: bool
    archived: bool


class PlanLine(BaseModel):
    plan_id: str
    status: str
    kind: str | None = None
    summary: dict[str, int] | None = None
    risk: str | None = None
    run_id: str | None = None


class WorkspaceAnswer(Answer):
    path: str
    serial: int
    active: bool
    archived: bool
    resources: int
    plans: list[PlanLine]
    runs: list[RunLine]


def workspace_line(workspace: Workspace) -> WorkspaceLine:
    return WorkspaceLine(
        name=workspace.name, path=visible(workspace.path), serial=workspace.serial,
        active=workspace.active, archived=workspace.archived,
    )  # fmt: skip


def plan_line(record: PlanRecord) -> PlanLine:
    plan = record.plan
    return PlanLine(
        plan_id=record.id, status=record.status.value, kind=plan.kind if plan else None,
        summary={name: count for name, count in plan.summary().items() if count} if plan else None,
        risk=plan.risk.level.value if plan else None, run_id=record.run_id or None,
    )  # fmt: skip


def workspace_answer(
    workspace: Workspace, resources: Page[Recorded], plans: Page[PlanRecord], runs: Page[Run]
) -> WorkspaceAnswer:
    return WorkspaceAnswer(
        workspace=workspace.name, path=visible(workspace.path), serial=workspace.serial, active=workspace.active,
        archived=workspace.archived, resources=resources.total,
        plans=[plan_line(each) for each in plans.items], runs=[run_line(each) for each in runs.items],
        next="find_resources lists what exists; describe says what can be declared; plan_change proposes a change.",
    )  # fmt: skip
