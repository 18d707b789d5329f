"""Servers: containers of the host image, made step by step so that a broken-off creation can be taken up again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.model.errors import ObjectConflict, ObjectMissing, PropertiesInvalid
from engine.model.resource import Observed
from engine.providers.contract import Wish
from engine.providers.local import host_boot
from engine.providers.local.addresses import free_address
from engine.providers.local.firewalls import LOCK, table_of
from engine.providers.local.guest import Guest
from engine.providers.local.host_addresses import cidr_of, used_addresses
from engine.providers.local.host_config import Flavour, HostSpec, container_config
from engine.providers.local.host_view import observe_host
from engine.providers.local.naming import NAME, labels_of
from engine.providers.local.records import record_of
from engine.providers.local.site import Site, check_key, labels_in
from engine.providers.local.sizes import PERIOD, check_fits, seen_limits, wished_limits

_TYPE = "server"
_NEEDS_SYSTEMD = ("firewalls",)


class Servers:
    def __init__(self, site: Site) -> None:
        self._site = site

    def read(self, id: str) -> Observed | None:
        seen = self._site.container(_TYPE, id)
        return observe_host(self._site, seen) if seen else None

    def list(self) -> list[Observed]:
        names = [str(seen["Names"][0]).lstrip("/") for seen in self._site.containers(_TYPE)]
        return [observed for name in names if (observed := self.read(name))]

    def find(self, key: str) -> Observed | None:
        name = self._site.container_with(_TYPE, key)
        return self.read(name) if name else None

    def create(self, wish: Wish) -> Observed:
        self._check(wish)
        name = self._site.name_of(wish)
        with self._site.records.lock(name):
            if self._was_updated(name):
                return self._look(name)
            wanted: Flavour = wish.properties.get("flavour") or "systemd"
            try:
                self._make_and_start(name, wish, wanted)
            except host_boot.SystemdRefused as refused:
                self._fall_back(name, wish, refused)
            host_boot.set_password(self._site, name, wish.properties)
        return self._look(name)

    def _was_updated(self, name: str) -> bool:
        """What has been updated since was made to its end; a record without its server is an old one's."""
        if self._site.container(_TYPE, name):
            return self._site.records.get(_TYPE, name) is not None
        self._site.records.remove(_TYPE, name)
        return False

    def update(self, before: Observed, wish: Wish) -> Observed:
        self._check(wish)
        name = before.id
        with self._site.records.lock(name):
            seen = self._require(name)
            self._match_limits(name, seen, wish)
            self._match_networks(name, seen, wish)
            self._site.records.put(record_of(name, self._site.workspace, wish))
            self._guard(name, wish)
            if not seen["State"]["Running"]:
                self._site.daemon.start(name)
                host_boot.wait_until_ready(self._site, name, guarded=bool(wish.properties.get("firewalls")))
        return self._look(name)

    def delete(self, id: str) -> None:
        if self._site.container(_TYPE, id):
            self._site.daemon.remove_container(id)
        self._site.records.remove(_TYPE, id)

    # Making one

    def _make_and_start(self, name: str, wish: Wish, flavour: Flavour) -> None:
        """Every step looks first, so the whole may be called again after a crash anywhere in it."""
        seen = self._site.daemon.inspect(name)
        if seen is None:
            self._make(name, wish, flavour)
            seen = self._require(name)
        check_key(name, labels_in(seen), wish)
        self._match_networks(name, seen, wish)
        if not seen["State"]["Running"]:
            host_boot.place_files(self._site, name, wish)
            self._guard(name, wish)
            self._start(name, wish, seen)
        host_boot.wait_until_ready(self._site, name, guarded=bool(wish.properties.get("firewalls")))

    def _make(self, name: str, wish: Wish, flavour: Flavour) -> None:
        spec = HostSpec(
            self._site.host_image(),
            wish.name,
            flavour,
            wished_limits(wish.properties),
            labels_of(self._site.workspace, wish),
        )
        networks: list[str] = wish.properties.get("networks") or []
        # Choosing an address and taking it are one act for all processes of this home.
        with self._site.records.lock("addresses"):
            if networks:
                spec = replace(spec, network=networks[0], address=self._free_address(networks[0]))
            try:
                host_boot.create_container(self._site, name, container_config(spec))
            except ObjectConflict:
                if self._site.daemon.inspect(name) is None:
                    raise

    def _start(self, name: str, wish: Wish, seen: dict[str, Any]) -> None:
        try:
            host_boot.start(self._site, name)
        except ObjectConflict as taken:
            if "address already in use" not in taken.message.lower():
                raise
            # A container that is not ours took the address between our look and the start: choose others.
            for network in seen["NetworkSettings"]["Networks"]:
                self._site.daemon.disconnect(name, network)
            self._match_networks(name, self._require(name), wish)
            host_boot.start(self._site, name)

    def _fall_back(self, name: str, wish: Wish, refused: host_boot.SystemdRefused) -> None:
        lacking = [field for field in _NEEDS_SYSTEMD if wish.properties.get(field)]
        self._site.daemon.remove_container(name)
        if lacking:
            raise PropertiesInvalid(
                f"This Docker refuses what systemd needs ({refused}), and without it there are no {lacking[0]}.",
                hint="Leave them out, or use a Docker that grants SYS_ADMIN and NET_ADMIN.",
            )
        self._make_and_start(name, wish, "sshd")

    # Bringing one in line

    def _match_limits(self, name: str, seen: dict[str, Any], wish: Wish) -> None:
        wanted = wished_limits(wish.properties)
        if wanted != seen_limits(seen["HostConfig"]):
            self._site.daemon.limit(name, PERIOD, wanted.cpu * PERIOD, wanted.memory)

    def _match_networks(self, name: str, seen: dict[str, Any], wish: Wish) -> None:
        """New networks first, so that the host is never without one."""
        joined = set(seen["NetworkSettings"]["Networks"])
        wanted: list[str] = wish.properties.get("networks") or ["bridge"]
        alias = (labels_in(seen).get(NAME) or wish.name)[:63]
        for network in wanted:
            if network in joined:
                continue
            with self._site.records.lock("addresses"):
                address = "" if network == "bridge" else self._free_address(network)
                self._site.daemon.connect(name, network, address, alias)
        for network in joined - set(wanted):
            self._site.daemon.disconnect(name, network)

    def _guard(self, name: str, wish: Wish) -> None:
        """Under the lock that a firewall's own update takes, so that no host is left with older rules."""
        with self._site.records.lock(LOCK):
            table = table_of(self._site, wish.properties.get("firewalls") or [])
            guest = Guest(self._site.daemon, name, self._require(name))
            guest.set_firewall(table)

    def _free_address(self, network: str) -> str:
        return free_address(cidr_of(self._site, network), used_addresses(self._site, network))

    def _check(self, wish: Wish) -> None:
        """Everything the server refers to, before anything of it exists."""
        machine = self._site.machine
        check_fits(wished_limits(wish.properties), int(machine["NCPU"]), int(machine["MemTotal"]))
        networks: list[str] = wish.properties.get("networks") or []
        for network in networks:
            cidr_of(self._site, network)
        keys: list[str] = wish.properties.get("ssh_keys") or []
        for key in keys:
            host_boot.key_line(self._site, key)
        table_of(self._site, wish.properties.get("firewalls") or [])

    def _require(self, name: str) -> dict[str, Any]:
        seen = self._site.container(_TYPE, name)
        if seen is None:
            raise ObjectMissing(f"There is no server {name[:80]!r} on this machine.")
        return seen

    def _look(self, name: str) -> Observed:
        return observe_host(self._site, self._require(name))
