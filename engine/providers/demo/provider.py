"""Demo as a provider: the cloud behind a wire that takes time, counts calls and fails on request."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from typing import TypeVar

from engine.model.account import Account
from engine.model.errors import GroundplanError, PropertiesInvalid, TransientFailure
from engine.model.footprint import Footprint
from engine.model.resource import Observed
from engine.providers.contract import OfferedSize, ProviderKind, Surroundings, Wish
from engine.providers.demo.cloud import Cloud, cloud_file
from engine.providers.demo.faults import Faults, require_rate
from engine.providers.demo.inventory import Tenant
from engine.providers.demo.offers import OFFERS
from engine.providers.demo.prices import price
from engine.providers.demo.settings import DemoSettings, Verb, load_demo_settings
from engine.providers.demo.sizes import DEFAULT_SIZE, SIZES

LONGEST_PASSWORD = 256
T = TypeVar("T")


class DemoProvider:
    """One tenant of the simulated cloud.

    Calls run straight on the event loop: each takes some hundred microseconds, less than a thread would.
    """

    name = "demo"

    def __init__(self, surroundings: Surroundings) -> None:
        self._settings: DemoSettings = load_demo_settings(surroundings.settings)
        self.parallel = self._settings.parallel
        self._secret = surroundings.secret
        settings = self._settings
        tenant = Tenant(settings.account, settings.region, surroundings.public_key, settings.quota)
        try:
            self._cloud = Cloud(cloud_file(surroundings.home), tenant)
        except (sqlite3.Error, OSError) as wrong:
            raise _unreachable(wrong, effect_unknown=False) from None
        self._faults = Faults(self._cloud.db, settings.faults)

    async def account(self) -> Account:
        account = Account(provider="demo", id=self._settings.account, region=self._settings.region)
        return await self._call("account", "", _nameless, lambda: account)

    async def read(self, type: str, id: str) -> Observed | None:
        return await self._call("read", type, lambda: self._cloud.name_of(id), lambda: self._cloud.read(type, id))

    async def list(self, type: str) -> list[Observed]:
        return await self._call("list", type, _nameless, lambda: self._cloud.list(type))

    async def find(self, type: str, key: str) -> Observed | None:
        def name() -> str:
            found = self._cloud.find(type, key)
            return str(found.properties["name"]) if found else ""

        return await self._call("find", type, name, lambda: self._cloud.find(type, key))

    async def create(self, wish: Wish) -> Observed:
        def make() -> Observed:
            self._check_secrets(wish)
            return self._cloud.create(wish)

        return await self._call("create", wish.type, lambda: wish.name, make)

    async def update(self, before: Observed, wish: Wish) -> Observed:
        def change() -> Observed:
            return self._cloud.update(before.type, before.id, wish.properties, wish.labels)

        return await self._call("update", before.type, lambda: wish.name, change)

    async def delete(self, type: str, id: str) -> None:
        name = self._cloud.name_of(id) if self._faults.touch("delete") else ""
        await self._call("delete", type, lambda: name, lambda: self._cloud.delete(type, id))

    async def close(self) -> None:
        self._cloud.close()

    async def _call(self, verb: Verb, type: str, name: Callable[[], str], act: Callable[[], T]) -> T:
        """The way there, the call, the way back; a wait of nothing still lets others run."""
        latency = self._settings.latency_of(verb)
        await asyncio.sleep(latency / 2)
        try:
            if self._settings.rate_per_second:
                require_rate(self._cloud.db, self._settings.account, self._settings.rate_per_second)
            self._faults.strike(verb, type, name)
            answer = act()
            self._faults.lose_answer(verb, type, name)
        except sqlite3.Error as wrong:
            raise _unreachable(wrong, effect_unknown=verb in ("create", "update", "delete")) from None
        if latency:
            await asyncio.sleep(latency / 2)
        return answer

    def _check_secrets(self, wish: Wish) -> None:
        """Ask for each secret's value as a cloud would be sent it, look at it, and keep nothing."""
        for name, field in OFFERS[wish.type].inputs.items() if wish.type in OFFERS else ():
            reference = wish.properties.get(name)
            if not field.secret or not isinstance(reference, str):
                continue
            if not 0 < len(self._secret(reference)) <= LONGEST_PASSWORD:
                raise PropertiesInvalid(f"{name}: the secret's value has 1 to {LONGEST_PASSWORD} characters.")


def _nameless() -> str:
    return ""


def _unreachable(wrong: Exception, *, effect_unknown: bool) -> TransientFailure:
    return TransientFailure(
        f"Demo's file demo/cloud.db in the home could not be used: {wrong}.",
        hint="Check the file's rights and the free disk space, then resume the run.",
        effect_unknown=effect_unknown,
    )


def _available(surroundings: Surroundings) -> str:
    try:
        load_demo_settings(surroundings.settings)
    except GroundplanError as wrong:
        return str(wrong)
    return ""


KIND = ProviderKind(
    name="demo",
    summary="A simulated cloud in a file of the home: addresses, quotas and failures, no credentials, no hosts.",
    types=OFFERS,
    settings=DemoSettings,
    open=DemoProvider,
    price=price,
    available=_available,
    sizes=tuple(
        OfferedSize(each.name, Footprint(cpu=each.cpu, memory=each.memory, disk=each.disk), each is DEFAULT_SIZE)
        for each in SIZES.values()
    ),
)
