"""The Local provider: hands each call to the shelf of its type, in a thread, since the Docker API blocks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TypeVar

from engine.model.account import Account
from engine.model.errors import ObjectMissing
from engine.model.resource import Observed
from engine.providers.contract import Surroundings, Wish
from engine.providers.local.daemon import Daemon
from engine.providers.local.endpoint import find_endpoint
from engine.providers.local.firewalls import Firewalls
from engine.providers.local.floating_ips import FloatingIps
from engine.providers.local.networks import Networks
from engine.providers.local.records import Records
from engine.providers.local.schema import REGION
from engine.providers.local.servers import Servers
from engine.providers.local.site import Shelf, Site
from engine.providers.local.ssh_keys import SshKeys
from engine.providers.local.volumes import Volumes
from engine.providers.local.wishes import checked, is_plain, kind_of, refuse_replacement, reported

T = TypeVar("T")
_SHELVES: dict[str, Callable[[Site], Shelf]] = {
    "network": Networks,
    "ssh_key": SshKeys,
    "server": Servers,
    "volume": Volumes,
    "floating_ip": FloatingIps,
    "firewall": Firewalls,
}


class Local:
    """Opened without a call; the daemon is asked when it is first needed."""

    name = "local"
    parallel = 8

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._daemon = Daemon(find_endpoint(surroundings), surroundings.environment)
        self._threads = ThreadPoolExecutor(self.parallel, thread_name_prefix="groundplan-local")

    async def account(self) -> Account:
        return Account(provider=self.name, id=await self._call(self._daemon_id), region=REGION)

    async def read(self, type: str, id: str) -> Observed | None:
        return await self._call(lambda: _reported(self._shelf(type).read(id)))

    async def list(self, type: str) -> list[Observed]:
        return await self._call(lambda: [reported(seen) for seen in self._shelf(type).list()])

    async def find(self, type: str, key: str) -> Observed | None:
        if not is_plain(key):
            return None
        return await self._call(lambda: _reported(self._shelf(type).find(key)))

    async def create(self, wish: Wish) -> Observed:
        return await self._call(lambda: reported(self._shelf(wish.type).create(checked(wish))))

    async def update(self, before: Observed, wish: Wish) -> Observed:
        return await self._call(lambda: reported(self._update(before, checked(wish))))

    async def delete(self, type: str, id: str) -> None:
        await self._call(lambda: self._shelf(type).delete(id))

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._daemon.close()

    @cached_property
    def site(self) -> Site:
        """Made in a thread, for it asks the daemon who it is: objects of two daemons must not mix."""
        around = self._surroundings
        records = Records(around.home, self._daemon_id())
        return Site(around.workspace, self._daemon, records, around.public_key, around.secret)

    def _update(self, before: Observed, wish: Wish) -> Observed:
        """Judged by what is there now, for `before` may be old."""
        shelf = self._shelf(wish.type)
        seen = shelf.read(before.id)
        if seen is None:
            raise ObjectMissing(f"There is no {wish.type} {before.id[:80]!r} any more.")
        refuse_replacement(seen, wish)
        return shelf.update(seen, wish)

    def _daemon_id(self) -> str:
        facts = self._daemon.info()
        # Podman has no id of its own.
        return str(facts.get("ID") or facts.get("Name") or "daemon")

    def _shelf(self, type: str) -> Shelf:
        kind_of(type)
        return _SHELVES[type](self.site)

    async def _call(self, act: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, act)


def _reported(seen: Observed | None) -> Observed | None:
    return reported(seen) if seen else None
