"""Advice: modes of Groundplan itself, what servers could run on, services and how large servers have to be."""

from __future__ import annotations

import asyncio

from engine.model.errors import ManifestInvalid
from engine.model.workspace import Workspace
from server.office import Office
from server.render.answers.advice import (
    ModeAnswer,
    PlatformAnswer,
    ServicesAnswer,
    SizingAnswer,
    mode_answer,
    platform_answer,
    services_answer,
    sizing_answer,
)
from server.tools.arguments import Call, office_of, workspace_meant
from server.tools.offer import Offer
from server.tools.workspaces import active_workspace


async def get_mode_defaults(ctx: Call, mode: str) -> ModeAnswer:
    """What Groundplan runs with: solo, multiuser, cicd or enterprise."""
    office = office_of(ctx)
    engine = await office.opened()
    return mode_answer(await active_workspace(office), engine.advice.mode(mode))


async def recommend_platform(ctx: Call) -> PlatformAnswer:
    """Detect and rank what servers can run on here."""
    office = office_of(ctx)
    engine = await office.opened()
    return platform_answer(await active_workspace(office), await asyncio.to_thread(engine.advice.platform))


async def recommend_services(ctx: Call, purpose: str) -> ServicesAnswer:
    """Suggest services for a mode or words."""
    office = office_of(ctx)
    engine = await office.opened()
    advice = engine.advice
    return services_answer(await active_workspace(office), advice.services(purpose), advice.purposes())


async def recommend_sizing(ctx: Call, services: list[str] | None = None, workspace: str | None = None) -> SizingAnswer:
    """Size and price servers for services (db: postgres, redis) or a workspace's."""
    office = office_of(ctx)
    engine = await office.opened()
    place = await _place(office, workspace, is_needed=not services)
    name = place.name if place else ""
    try:
        return sizing_answer(name, await asyncio.to_thread(engine.advice.sizing, services or [], place))
    except ManifestInvalid:
        if workspace or not services:
            raise
    # Nobody asked about the workspace: its mistakes must not stand in the way of the services' figures.
    return sizing_answer(name, await asyncio.to_thread(engine.advice.sizing, services))


async def _place(office: Office, named: str | None, *, is_needed: bool) -> Workspace | None:
    """None where none is active and none is needed. Raises `NotFound`."""
    if named or is_needed or await active_workspace(office):
        return await workspace_meant(office, named)
    return None


OFFERS = (
    Offer(get_mode_defaults, "read", "settings"),
    Offer(recommend_platform, "read", "settings"),
    Offer(recommend_services, "read", "settings"),
    Offer(recommend_sizing, "read", "settings"),
)
