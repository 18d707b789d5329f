"""Which tools a server offers: all, those that only read, or chosen groups."""

from __future__ import annotations

from collections.abc import Iterable

from mcp.server.mcpserver.tools import Tool

from engine.model.errors import Invalid
from server.tools import advice, apply, catalogue, knowledge, plans, propose, resources, runs, settings, workspaces
from server.tools.offer import Offer, tool_of

OFFERS: tuple[Offer, ...] = (
    *workspaces.OFFERS,
    *resources.OFFERS,
    *catalogue.OFFERS,
    *plans.OFFERS,
    *runs.OFFERS,
    *knowledge.OFFERS,
    *settings.OFFERS,
    *advice.OFFERS,
    *propose.OFFERS,
    *apply.OFFERS,
)


def selected_tools(*, read_only: bool = False, groups: Iterable[str] | None = None) -> list[Tool]:
    """In a fixed order. A group is a kind (read, propose, act) or a subject (workspaces, resources, …).

    Raises `Invalid` for a group that there is not.
    """
    wanted = None if groups is None else frozenset(groups)
    known = {name for offer in OFFERS for name in (offer.kind, offer.group)}
    if wanted is not None and not wanted <= known:
        raise Invalid(
            f"No such tool group: {', '.join(sorted(wanted - known))}.", hint=f"There are: {', '.join(sorted(known))}."
        )
    return [tool_of(offer) for offer in OFFERS if _is_wanted(offer, read_only=read_only, wanted=wanted)]


def _is_wanted(offer: Offer, *, read_only: bool, wanted: frozenset[str] | None) -> bool:
    if read_only and offer.kind != "read":
        return False
    return wanted is None or offer.kind in wanted or offer.group in wanted
