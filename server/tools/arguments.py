"""Arguments that several tools take, described once."""

from __future__ import annotations

from typing import Annotated, Any

from mcp.server.mcpserver import Context
from pydantic import Field

from engine.model.workspace import Workspace
from server.office import Office

Call = Context[Office, Any]
WorkspaceName = Annotated[str | None, Field(description="Default: the active one.", max_length=100)]
PlanId = Annotated[str, Field(max_length=100)]
RunId = Annotated[str, Field(max_length=100)]
Cursor = Annotated[str | None, Field(description="From the last answer.", max_length=400)]
WaitSeconds = Annotated[float, Field(ge=0, le=20)]
Text = Annotated[str | None, Field(max_length=200)]


def office_of(ctx: Call) -> Office:
    return ctx.request_context.lifespan_context


async def workspace_meant(office: Office, named: str | None) -> Workspace:
    """The named one; else the one this server was started for; else the active one. Raises `NotFound`."""
    return (await office.opened()).workspace(named or office.workspace or None)
