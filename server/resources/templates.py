"""Reading: each address answers the same JSON as the tool of its kind."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from pydantic import BaseModel

from engine.model.errors import GroundplanError, NotFound
from engine.model.query import ResourceQuery
from server.office import Office
from server.render.answers.answer import echo
from server.render.answers.proposal import proposal
from server.render.answers.resource import resource_answer
from server.render.answers.run import run_answer
from server.render.answers.workspace import WorkspaceLine, workspace_answer, workspace_line
from server.render.clean import visible
from server.resources import addresses

_RECENT = 10


class WorkspacesText(BaseModel):
    workspaces: list[WorkspaceLine]


class Reading:
    """What each address holds now."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def workspaces(self) -> BaseModel:
        engine = await self._office.opened()
        return WorkspacesText(workspaces=[workspace_line(each) for each in engine.workspaces(archived=True)])

    async def workspace(self, name: str) -> BaseModel:
        engine = await self._office.opened()
        found = engine.workspace(name)
        answer = workspace_answer(
            found,
            engine.resources(name, ResourceQuery(), limit=1),
            engine.plans(name, limit=_RECENT),
            engine.runs(name, limit=_RECENT),
        )
        return answer.model_copy(update={"accounts": echo(await self._office.accounts(name))})

    async def plan(self, name: str, id: str) -> BaseModel:
        record = (await self._office.opened()).plan(id)
        _belongs(record.workspace, name, id)
        return proposal(record)

    async def run(self, name: str, id: str) -> BaseModel:
        run = (await self._office.opened()).run(id)
        _belongs(run.workspace, name, id)
        return run_answer(run)

    async def resource(self, name: str, address: str) -> BaseModel:
        engine = await self._office.opened()
        answer = resource_answer(engine.resource(engine.workspace(name).name, address))
        return answer.model_copy(update={"workspace": name, "accounts": echo(await self._office.accounts(name))})


def add_resources(server: MCPServer[Office], office: Office) -> None:
    reading = Reading(office)
    for address, name, words, read in (
        (addresses.WORKSPACES, "workspaces", "The workspaces of this home.", reading.workspaces),
        (
            addresses.WORKSPACE,
            "workspace",
            "A workspace: its folder, serial, latest plans and runs.",
            reading.workspace,
        ),
        (addresses.PLAN, "plan", "A stored plan and what became of it.", reading.plan),
        (addresses.RUN, "run", "A run; subscribe to follow it.", reading.run),
        (addresses.RESOURCE, "resource", "A resource as the last run left it.", reading.resource),
    ):
        server.resource(address, name=name, description=words, mime_type="application/json")(_as_text(read))


def _as_text(read: Callable[..., Awaitable[BaseModel]]) -> Callable[..., Awaitable[str]]:
    @functools.wraps(read)
    async def text(**parts: str) -> str:
        try:
            return (await read(**parts)).model_dump_json(exclude_none=True)
        except NotFound as error:
            raise ResourceNotFoundError(visible(str(error))) from error
        except GroundplanError as error:
            raise ResourceError(visible(str(error))) from error

    return text


def _belongs(workspace: str, named: str, what: str) -> None:
    if workspace != named:
        raise NotFound(f"Workspace {named[:60]} has no {what[:60]}.")
