"""Floating addresses: chosen from the top of a network's range, and carried by one host at a time."""

from __future__ import annotations

from engine.model.errors import ObjectMissing
from engine.model.resource import Observed
from engine.providers.contract import Wish
from engine.providers.local.addresses import free_address
from engine.providers.local.guest import find_guest, require_guest
from engine.providers.local.host_addresses import cidr_of, used_addresses
from engine.providers.local.naming import short_key
from engine.providers.local.records import Record, record_of
from engine.providers.local.site import Site, recorded

_TYPE = "floating_ip"


class FloatingIps:
    def __init__(self, site: Site) -> None:
        self._site = site

    def read(self, id: str) -> Observed | None:
        record = self._site.records.get(_TYPE, id)
        return self._observe(record) if record else None

    def list(self) -> list[Observed]:
        return [self._observe(record) for record in self._site.records.all(_TYPE)]

    def find(self, key: str) -> Observed | None:
        record = self._site.records.with_key(_TYPE, key)
        return self._observe(record) if record else None

    def create(self, wish: Wish) -> Observed:
        if wish.properties.get("server"):
            require_guest(self._site, wish.properties["server"]).require("floating addresses")
        record = self._reserve(self._site.name_of(wish), wish)
        self._assign(record)
        return self._observe(record)

    def update(self, before: Observed, wish: Wish) -> Observed:
        """The last holder gives it up before the next one takes it."""
        record = self._site.records.get(_TYPE, before.id)
        if record is None:
            raise ObjectMissing(f"There is no floating address {before.id[:80]!r}.")
        if record.properties.get("server") != wish.properties.get("server"):
            self._release(record)
        newer = record_of(record.id, self._site.workspace, wish, **record.outputs)
        self._assign(newer)
        self._site.records.put(newer)
        return self._observe(newer)

    def delete(self, id: str) -> None:
        record = self._site.records.get(_TYPE, id)
        if record:
            self._release(record)
            self._site.records.remove(_TYPE, id)

    def _reserve(self, id: str, wish: Wish) -> Record:
        network = str(wish.properties["network"])
        with self._site.records.lock("addresses"):
            record = self._site.records.get(_TYPE, id)
            if record is None:
                cidr = cidr_of(self._site, network)
                address = free_address(cidr, used_addresses(self._site, network), from_top=True)
                record = record_of(id, self._site.workspace, wish, address=address)
                self._site.records.put(record)
        return record

    def _assign(self, record: Record) -> None:
        server = record.properties.get("server")
        if server:
            cidr = cidr_of(self._site, str(record.properties["network"]))
            require_guest(self._site, server).set_address(
                short_key(record.key), f"{record.outputs['address']} {cidr}\n"
            )

    def _release(self, record: Record) -> None:
        guest = find_guest(self._site, str(record.properties.get("server") or ""))
        if guest:
            guest.set_address(short_key(record.key), "")

    def _observe(self, record: Record) -> Observed:
        server = record.properties.get("server")
        if not server:
            return recorded(record, status="free")
        guest = find_guest(self._site, server)
        if guest is not None and not guest.runs:
            return recorded(record, status="host stopped")
        held = guest is not None and record.outputs["address"] in guest.facts().addresses
        return recorded(record, status="assigned") if held else recorded(record, status="free", server=None)
