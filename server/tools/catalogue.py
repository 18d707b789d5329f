"""The catalogue: what can be declared, and how."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from server.render.answers.answer import Answer, echo
from server.render.answers.limits import shown
from server.tools.arguments import Call, office_of
from server.tools.offer import Offer
from server.tools.workspaces import active_workspace

_LONGEST = 2_000


class CatalogueAnswer(Answer):
    topic: str
    content: dict[str, Any]


async def describe(
    ctx: Call, topic: Annotated[str, Field(description='"", "demo", "server" or "demo.server"', max_length=100)] = ""
) -> CatalogueAnswer:
    """Look up what can be declared: nothing for the overview, a provider, a resource type, or provider.type for
    its JSON schema and limits. Read a type's schema before you set its properties with plan_change."""
    office = office_of(ctx)
    engine = await office.opened()
    content = shown(engine.describe(topic), _LONGEST)
    active = await active_workspace(office)
    return CatalogueAnswer(
        workspace=active, accounts=echo(await office.accounts(active)) if active else [], topic=topic, content=content
    )


OFFERS = (Offer(describe, "read", "catalogue"),)
