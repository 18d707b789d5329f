"""Reading: each address answers the same JSON as the tool of its kind; pages, files and the context are text."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from mcp.server.mcpserver.resources.templates import ResourceSecurity
from pydantic import BaseModel

from engine.model.errors import GroundplanError, NotFound, Refused
from engine.model.query import ResourceQuery
from rag.model.document import KNOWLEDGE_SHELF, Scope
from rag.model.errors import LibraryError
from server.office import Office
from server.render.answers.answer import echo
from server.render.answers.digest import digest_text
from server.render.answers.proposal import proposal
from server.render.answers.resource import resource_answer
from server.render.answers.run import run_answer
from server.render.answers.workspace import WorkspaceLine, workspace_answer, workspace_line
from server.render.clean import visible
from server.resources import addresses
from server.retrieval import count_tokens, digest

_RECENT = 10
_LONGEST_PAGE = 60_000
# A file that was added from elsewhere goes by its whole path; none is opened that its source does not list.
_ADDED = ResourceSecurity(reject_absolute_paths=False)
_JSON, _MARKDOWN, _PLAIN = "application/json", "text/markdown", "text/plain"


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

    async def context(self, name: str) -> str:
        return await asyncio.to_thread(lambda: digest_text(digest(self._office, name), count_tokens))

    async def knowledge(self, path: str) -> str:
        return await asyncio.to_thread(self._document, KNOWLEDGE_SHELF, Scope.KNOWLEDGE, path.removesuffix(".md"))

    async def file(self, name: str, path: str) -> str:
        uid = (await self._office.opened()).workspace(name).uid
        return await asyncio.to_thread(self._document, uid, Scope.FILES, path)

    def _document(self, shelf: str, scope: Scope, path: str) -> str:
        """The file as it is, so that its lines are those that passages cite; without what the index keeps out."""
        try:
            found = self._office.document(shelf, scope, path)
        except LibraryError as error:
            raise Refused(error.message, hint=error.hint) from error
        except OSError as error:
            raise Refused("The index can't be used.", hint="See `groundplan doctor`.") from error
        if found is None:
            raise NotFound(f"Nothing is indexed as {path[:200]!r}.", hint="search_knowledge finds what is there.")
        return visible(found.whole or found.text, _LONGEST_PAGE)


def add_resources(server: MCPServer[Office], office: Office) -> None:
    reading = Reading(office)
    for address, name, words, kind, read in (
        (addresses.WORKSPACES, "workspaces", "The workspaces of this home.", _JSON, reading.workspaces),
        (
            addresses.WORKSPACE, "workspace", "A workspace: its folder, serial, latest plans and runs.", _JSON,
            reading.workspace,
        ),
        (addresses.PLAN, "plan", "A stored plan and what became of it.", _JSON, reading.plan),
        (addresses.RUN, "run", "A run; subscribe to follow it.", _JSON, reading.run),
        (addresses.RESOURCE, "resource", "A resource as the last run left it.", _JSON, reading.resource),
        (
            addresses.CONTEXT, "context", "What is here, changed lately, is wrong now; under 800 tokens.", _MARKDOWN,
            reading.context,
        ),
        (addresses.FILE, "file", "An indexed file of a workspace.", _PLAIN, reading.file),
        (addresses.KNOWLEDGE, "knowledge", "A page of the knowledge base.", _MARKDOWN, reading.knowledge),
    ):  # fmt: skip
        security = _ADDED if address == addresses.FILE else None
        server.resource(address, name=name, description=words, mime_type=kind, security=security)(_as_text(read))


def _as_text(read: Callable[..., Awaitable[BaseModel | str]]) -> Callable[..., Awaitable[str]]:
    @functools.wraps(read)
    async def text(**parts: str) -> str:
        try:
            answer = await read(**parts)
            return answer if isinstance(answer, str) else answer.model_dump_json(exclude_none=True)
        except NotFound as error:
            raise ResourceNotFoundError(visible(str(error))) from error
        except GroundplanError as error:
            raise ResourceError(visible(str(error))) from error

    return text


def _belongs(workspace: str, named: str, what: str) -> None:
    if workspace != named:
        raise NotFound(f"Workspace {named[:60]} has no {what[:60]}.")
