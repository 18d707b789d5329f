"""Recorded resources: what the last runs left, and where the world differs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.model.query import ResourceQuery
from server.render.answers.answer import Answer, echo
from server.render.answers.drift import DriftAnswer, drift_answer
from server.render.answers.resource import ResourceAnswer, ResourceLine, resource_answer, resource_line
from server.tools.arguments import Call, Cursor, Text, WorkspaceName, office_of, workspace_meant
from server.tools.offer import Offer

Labels = Annotated[
    list[Annotated[str, Field(max_length=200)]] | None, Field(description="key or key=value", max_length=20)
]
Relative = Annotated[str | None, Field(description="An address.", max_length=200)]


class ResourcesAnswer(Answer):
    total: int
    resources: list[ResourceLine]
    cursor: str | None = None


async def find_resources(  # noqa: PLR0913, PLR0917 - each filter is an argument of the tool
    ctx: Call,
    workspace: WorkspaceName = None,
    type: Text = None,
    provider: Text = None,
    labels: Labels = None,
    depends_on: Relative = None,
    needed_by: Relative = None,
    depth: Annotated[int, Field(ge=1, le=50)] = 10,
    text: Text = None,
    limit: Annotated[int, Field(ge=1, le=100)] = 50,
    cursor: Cursor = None,
) -> ResourcesAnswer:
    """Find existing resources; all filters given must hold. depends_on finds what needs that address,
    needed_by what that address needs, through at most depth relations. get_resource shows one in full."""
    office = office_of(ctx)
    engine = await office.opened()
    name = (await workspace_meant(office, workspace)).name
    query = ResourceQuery(
        type=type or "", provider=provider or "", labels=tuple(labels or ()), depends_on=depends_on or "",
        needed_by=needed_by or "", depth=depth, text=text or "",
    )  # fmt: skip
    page = engine.resources(name, query, cursor=cursor or "", limit=limit)
    return ResourcesAnswer(
        workspace=name, accounts=echo(await office.accounts(name)), total=page.total,
        resources=[resource_line(each) for each in page.items], cursor=page.cursor or None,
    )  # fmt: skip


async def get_resource(
    ctx: Call, address: Annotated[str, Field(max_length=200)], workspace: WorkspaceName = None
) -> ResourceAnswer:
    """Show one resource, such as server.web[0]: properties, id, what it needs and what needs it, its history."""
    office = office_of(ctx)
    engine = await office.opened()
    name = (await workspace_meant(office, workspace)).name
    answer = resource_answer(engine.resource(name, address))
    return answer.model_copy(update={"workspace": name, "accounts": echo(await office.accounts(name))})


async def check_drift(ctx: Call, workspace: WorkspaceName = None, cursor: Cursor = None) -> DriftAnswer:
    """Compare what the last runs left with what the providers report now. Changes nothing."""
    office = office_of(ctx)
    engine = await office.opened()
    name = (await workspace_meant(office, workspace)).name
    answer = drift_answer(await engine.drift(name), cursor or "")
    office.catch_up()
    return answer.model_copy(update={"accounts": echo(await office.accounts(name))})


OFFERS = (
    Offer(find_resources, "read", "resources"),
    Offer(get_resource, "read", "resources"),
    Offer(check_drift, "read", "resources", open_world=True),
)
