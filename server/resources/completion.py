"""Completion of names, ids and addresses as a person types them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from mcp.server.mcpserver import MCPServer
from mcp_types import Completion, CompletionArgument, CompletionContext, PromptReference, ResourceTemplateReference

from engine.model.errors import GroundplanError
from engine.model.query import ResourceQuery
from engine.model.workspace import Workspace
from rag.model.document import KNOWLEDGE_SHELF, Scope
from rag.model.errors import LibraryError
from server.office import Office
from server.render.clean import visible
from server.resources import addresses

_MOST = 100
# What an argument of a template or a prompt stands for.
_SUBJECTS = {"workspace": "workspace", "plan_id": "plan", "run_id": "run", "address": "resource"}
_TEMPLATES = {
    addresses.PLAN: "plan",
    addresses.RUN: "run",
    addresses.RESOURCE: "resource",
    addresses.FILE: "file",
    addresses.KNOWLEDGE: "page",
}


def add_completion(server: MCPServer[Office], office: Office) -> None:
    @server.completion()
    async def complete(  # pyright: ignore[reportUnusedFunction] - the decorator keeps it
        ref: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion:
        told = (context.arguments if context else None) or {}
        subject = _subject(ref, argument.name)
        try:
            names = [visible(each) for each in await _names(office, subject, told.get("name") or told.get("workspace"))]
        except (GroundplanError, LibraryError):
            names = []
        found = [name for name in names if name.startswith(argument.value)]
        return Completion(values=found[:_MOST], total=len(found), has_more=len(found) > _MOST)


def _subject(ref: PromptReference | ResourceTemplateReference, argument: str) -> str:
    if isinstance(ref, PromptReference):
        return _SUBJECTS.get(argument, "")
    if argument == "name":
        return "workspace"
    return _TEMPLATES.get(ref.uri, "")


async def _names(office: Office, subject: str, workspace: str | None) -> Iterable[str]:
    if subject == "page":
        return await asyncio.to_thread(office.paths, KNOWLEDGE_SHELF, Scope.KNOWLEDGE)
    engine = await office.opened()
    if subject == "workspace":
        return [each.name for each in engine.workspaces()]
    return await _names_within(office, engine.workspace(workspace), subject) if subject else []


async def _names_within(office: Office, place: Workspace, subject: str) -> Iterable[str]:
    engine = await office.opened()
    if subject == "file":
        return await asyncio.to_thread(office.paths, place.uid, Scope.FILES)
    if subject == "plan":
        return [each.id for each in engine.plans(place.name, limit=_MOST).items]
    if subject == "run":
        return [each.id for each in engine.runs(place.name, limit=_MOST).items]
    return [str(each.address) for each in engine.resources(place.name, ResourceQuery(), limit=_MOST).items]
