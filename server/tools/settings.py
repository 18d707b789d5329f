"""Settings: which value holds, and where it is from."""

from __future__ import annotations

from server.render.answers.settings import SettingsAnswer, settings_answer
from server.tools.arguments import Call, Cursor, Text, WorkspaceName, office_of
from server.tools.offer import Offer
from server.tools.workspaces import active_workspace


async def get_settings(
    ctx: Call, query: Text = None, workspace: WorkspaceName = None, cursor: Cursor = None
) -> SettingsAnswer:
    """Look up settings in force and where each is from, by key, prefix or words; one alone with all its layers."""
    office = office_of(ctx)
    engine = await office.opened()
    name = workspace or await active_workspace(office)
    return settings_answer(name, engine.settings(name or None, query or ""), cursor or "")


OFFERS = (Offer(get_settings, "read", "settings"),)
