"""Proposals: each stores a plan for a person to look at, and changes nothing."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from engine.model.request import (
    Edit,
    PlanChange,
    PlanDestroy,
    PlanRollback,
    PlanRun,
    PlanSettings,
    PlanWorkspace,
    Request,
    WorkspaceOp,
)
from server.principal import principal_of
from server.render.answers.proposal import Proposal, proposal
from server.tools.arguments import Call, RunId, WorkspaceName, office_of
from server.tools.offer import Offer

Source = Annotated[str, Field(max_length=100)]
Edits = Annotated[list[Edit] | None, Field(description="Left out: plan the manifest as it stands.", max_length=500)]
Addresses = Annotated[
    list[Annotated[str, Field(max_length=200)]] | None, Field(description="Left out: everything.", max_length=500)
]


async def plan_change(
    ctx: Call, edits: Edits = None, promote_from: Source = "", workspace: WorkspaceName = None
) -> Proposal:
    """Propose changes to a workspace's resources. Look up properties with describe first. Returns a plan to show
    to the person; nothing is changed until they confirm it through apply_plan."""
    return await _proposed(ctx, workspace, PlanChange(tuple(edits or ()), promote_from))


async def plan_destroy(ctx: Call, addresses: Addresses = None, workspace: WorkspaceName = None) -> Proposal:
    """Propose to delete resources and what depends on them. Returns a plan; nothing is deleted until a person
    confirms it."""
    return await _proposed(ctx, workspace, PlanDestroy(tuple(addresses or ())))


async def plan_rollback(ctx: Call, run_id: RunId) -> Proposal:
    """Propose to undo what a run did. Returns a plan that says what can't be undone."""
    return await _proposed(ctx, None, PlanRollback(run_id))


async def plan_workspace(
    ctx: Call,
    op: WorkspaceOp,
    name: Annotated[str, Field(max_length=100)],
    path: Annotated[str, Field(description="Its folder; register needs one.", max_length=1000)] = "",
    template: Annotated[str, Field(max_length=100)] = "blank",
    value: Annotated[str, Field(description="New name, or bundle to import.", max_length=1000)] = "",
) -> Proposal:
    """Propose to create a workspace, register an existing folder as one, make one active, or archive, rename, import
    or migrate one."""
    new_name, bundle = (value if op == each else "" for each in ("rename", "import"))
    return await _proposed(ctx, None, PlanWorkspace(op, name, path, template, new_name, bundle))


async def plan_run(ctx: Call, op: Literal["resume", "cancel"], run_id: RunId) -> Proposal:
    """Propose to resume a failed or cancelled run, or to stop a running one between two steps."""
    return await _proposed(ctx, None, PlanRun(op, run_id))


async def plan_settings(
    ctx: Call,
    changes: Annotated[dict[str, Any], Field(description="By key; null unsets.", max_length=200)],
    layer: Literal["workspace", "environment", "home"] | None = None,
    workspace: WorkspaceName = None,
) -> Proposal:
    """Propose to change settings. Returns a plan with the lines and values that change and what needs a restart."""
    return await _proposed(ctx, workspace, PlanSettings(changes, layer or ""))


async def _proposed(ctx: Call, workspace: str | None, request: Request) -> Proposal:
    by = principal_of(ctx)
    office = office_of(ctx)
    engine = await office.opened()
    return proposal(await engine.propose(workspace or office.workspace or None, request, by))


_ACTS = (plan_change, plan_destroy, plan_rollback, plan_workspace, plan_run, plan_settings)
OFFERS = tuple(Offer(each, "propose", "propose") for each in _ACTS)
