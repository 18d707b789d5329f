"""Workspaces: which there are, and what one looks like now."""

from __future__ import annotations

from engine.model.errors import NotFound
from engine.model.query import ResourceQuery
from server.office import Office
from server.render.answers.answer import Answer, echo
from server.render.answers.limits import part
from server.render.answers.workspace import WorkspaceAnswer, WorkspaceLine, workspace_answer, workspace_line
from server.tools.arguments import Call, Cursor, WorkspaceName, office_of, workspace_meant
from server.tools.offer import Offer

_AT_ONCE = 50
_RECENT = 3


class WorkspacesAnswer(Answer):
    workspaces: list[WorkspaceLine]
    cursor: str | None = None


async def list_workspaces(ctx: Call, archived: bool = False, cursor: Cursor = None) -> WorkspacesAnswer:
    """List the workspaces and which one is active. Start here when you don't know the workspace."""
    office = office_of(ctx)
    engine = await office.opened()
    lines, following = part(
        [workspace_line(each) for each in engine.workspaces(archived=archived)], cursor or "", _AT_ONCE
    )
    active = await active_workspace(office)
    return WorkspacesAnswer(
        workspace=active, accounts=echo(await office.accounts(active)) if active else [], workspaces=lines,
        cursor=following or None, next="get_workspace shows one; plan_workspace proposes a new one or to switch.",
    )  # fmt: skip


async def get_workspace(ctx: Call, workspace: WorkspaceName = None) -> WorkspaceAnswer:
    """Show a workspace: its folder, state serial, number of resources, latest plans and runs."""
    office = office_of(ctx)
    engine = await office.opened()
    found = await workspace_meant(office, workspace)
    answer = workspace_answer(
        found,
        engine.resources(found.name, ResourceQuery(), limit=1),
        engine.plans(found.name, limit=_RECENT),
        engine.runs(found.name, limit=_RECENT),
    )
    return answer.model_copy(update={"accounts": echo(await office.accounts(found.name))})


async def active_workspace(office: Office) -> str:
    """Its name; empty where there is none yet."""
    try:
        return (await workspace_meant(office, None)).name
    except NotFound:
        return ""


OFFERS = (Offer(list_workspaces, "read", "workspaces"), Offer(get_workspace, "read", "workspaces"))
