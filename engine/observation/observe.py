"""Observe: what the providers report now of recorded resources."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping

from engine.model.resource import Observed, Recorded
from engine.providers.contract import Provider

# From this many objects of one type on, one list call is cheaper than a read each.
_LIST_FROM = 12


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
