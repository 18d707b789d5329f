"""Settings: which value holds, where it is from, and what is wrong or missing in a configuration."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from server.render.answers.settings import (
    CompletedAnswer,
    SettingsAnswer,
    SettingsCheckAnswer,
    check_answer,
    completed_answer,
    settings_answer,
)
from server.tools.arguments import Call, Cursor, Text, WorkspaceName, office_of
from server.tools.offer import Offer
from server.tools.workspaces import active_workspace

Given = Annotated[dict[str, Any], Field(max_length=500)]


async def get_settings(
    ctx: Call, query: Text = None, workspace: WorkspaceName = None, cursor: Cursor = None
) -> SettingsAnswer:
    """Look up settings in force and where each is from, by key, prefix or words; one alone with all its layers."""
    office = office_of(ctx)
    engine = await office.opened()
    name = workspace or await active_workspace(office)
    return settings_answer(name, engine.settings(name or None, query or ""), cursor or "")


async def complete_settings(ctx: Call, partial: Given) -> CompletedAnswer:
    """Fill a partial configuration with defaults and inferred values, each with its reason."""
    office = office_of(ctx)
    engine = await office.opened()
    name = await active_workspace(office)
    return completed_answer(name, engine.complete_settings(name or None, partial))


async def validate_settings(ctx: Call, config: Given) -> SettingsCheckAnswer:
    """Find all that is wrong with a configuration, with place and remedy."""
    office = office_of(ctx)
    engine = await office.opened()
    name = await active_workspace(office)
    return check_answer(name, engine.check_settings(name or None, config))


OFFERS = tuple(Offer(each, "read", "settings") for each in (get_settings, complete_settings, validate_settings))
