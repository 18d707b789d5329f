"""World: what a plan is made against: recorded resources, and what the providers report of them now."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.model.resource import Observed, Recorded
from engine.providers.contract import Provider

# From this many objects of one type on, one list call is cheaper than a read each.
_LIST_FROM = 12


@dataclass(frozen=True, slots=True)
class LooseObject:
    """An object that an unanswered create left behind, found by its key."""

    address: str
    provider: str
    key: str
    observed: Observed


@dataclass(frozen=True, slots=True)
class World:
    """`observed` holds None for what vanished; `adopted` what an edit names for adoption, by address."""

    recorded: Mapping[str, Recorded]
    observed: Mapping[str, Observed | None]
    adopted: Mapping[str, Observed] = field(default_factory=dict[str, Observed])
    loose: Mapping[str, LooseObject] = field(default_factory=dict[str, LooseObject])
    incarnations: Mapping[str, int] = field(default_factory=dict[str, int])

    def now(self, address: str) -> dict[str, Any]:
        """Inputs and outputs of an existing resource: what is observed, over what was recorded."""
        known, seen = self.recorded[address], self.observed.get(address)
        return {**known.properties, **(seen.properties if seen else {})}


async def observe(recorded: Iterable[Recorded], providers: Mapping[str, Provider]) -> dict[str, Observed | None]:
    """What each recorded resource is now, all providers and types in parallel.

    Raises `ProviderError` when a provider does not answer.
    """
    groups: dict[tuple[str, str], list[Recorded]] = defaultdict(list)
    for each in recorded:
        groups[each.provider, each.address.type].append(each)
    found: dict[str, Observed | None] = {}
    async with asyncio.TaskGroup() as tasks:
        for (provider, type_), members in groups.items():
            tasks.create_task(_observe_group(providers[provider], type_, members, found))
    return found


async def _observe_group(
    provider: Provider, type_: str, members: list[Recorded], found: dict[str, Observed | None]
) -> None:
    if len(members) >= _LIST_FROM:
        listed = {each.id: each for each in await provider.list(type_)}
        found.update({str(member.address): listed.get(member.id) for member in members})
        return
    gate = asyncio.Semaphore(provider.parallel)

    async def one(member: Recorded) -> None:
        async with gate:
            found[str(member.address)] = await provider.read(type_, member.id)

    async with asyncio.TaskGroup() as tasks:
        for member in members:
            tasks.create_task(one(member))
