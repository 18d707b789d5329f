"""A run's first act: observe what the plan touches, and stop before any effect when it moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.model.account import Account
from engine.model.action import Action
from engine.model.change import Change
from engine.model.errors import PlanStale
from engine.model.resource import Observed
from engine.model.unknown import to_wire
from engine.observation.observe import observe
from engine.orchestrator.hands import Hands
from engine.providers.contract import Provider


async def preflight(hands: Hands) -> None:
    """Raises `PlanStale` with every difference between the world now and the world the plan was made on."""
    differences = [text async for text in _accounts_moved(hands)]
    touched = [change for change in hands.plan.changes if change.effect == "resource"]
    known = [hands.recorded[change.address] for change in touched if change.address in hands.recorded]
    observed = await observe(known, hands.providers)
    for change in touched:
        if change.action is Action.ADOPT:
            seen = await hands.providers[change.provider].read(change.address.partition(".")[0], change.id)
        elif change.address in hands.recorded:
            seen = observed[change.address]
        else:
            continue
        differences.extend(_moved(hands, change, seen))
    if differences:
        raise PlanStale("the world moved since the plan was made.", differences=tuple(differences))


async def _accounts_moved(hands: Hands):  # noqa: ANN202 - an async iterator of sentences
    for planned in hands.plan.accounts:
        now = await _account(hands.providers, planned)
        if now != planned:
            yield f"the plan is for {planned}, this process is signed in to {now}"


async def _account(providers: Mapping[str, Provider], planned: Account) -> Account:
    return await providers[planned.provider].account()


def _moved(hands: Hands, change: Change, seen: Observed | None) -> Iterator[str]:
    was_there = change.action not in (Action.CREATE, Action.FORGET)
    if seen is None:
        if was_there:
            yield f"{change.address}: it vanished"
        return
    if change.action is Action.CREATE:
        yield f"{change.address}: it is there again"
        return
    before: dict[str, Any] = change.before or {}
    for name in hands.kind(change).inputs:
        now = to_wire(seen.properties.get(name, before.get(name)))
        if now != before.get(name):
            yield f"{change.address}: {name} was {before.get(name)!r} and is {now!r} now"
