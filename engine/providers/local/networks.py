"""Networks: bridges with an address range of their own."""

from __future__ import annotations

from typing import Any

from engine.model.errors import ObjectConflict, ObjectMissing
from engine.model.resource import Observed
from engine.providers.contract import Wish
from engine.providers.local.addresses import gateway_of
from engine.providers.local.naming import KEY, TYPE, labels_of, short_key
from engine.providers.local.records import record_of
from engine.providers.local.site import Site, check_key, labels_in

_DOCKERS_OWN = "bridge"


class Networks:
    def __init__(self, site: Site) -> None:
        self._site = site

    def read(self, id: str) -> Observed | None:
        seen = self._site.daemon.network(id)
        return self._observe(seen) if seen and seen.get("Driver") == "bridge" else None

    def list(self) -> list[Observed]:
        seen = self._site.daemon.networks({})
        return [self._observe(network) for network in seen if network["Name"] != _DOCKERS_OWN]

    def find(self, key: str) -> Observed | None:
        found = self._site.daemon.networks({TYPE: "network", KEY: key})
        return self._observe(found[0]) if found else None

    def create(self, wish: Wish) -> Observed:
        name, daemon = self._site.name_of(wish), self._site.daemon
        cidr = wish.properties["cidr"]
        gateway = gateway_of(cidr)
        if daemon.network(name) is None:
            try:
                bridge = "gp" + short_key(wish.key)
                daemon.create_network(name, cidr, gateway, bridge, labels_of(self._site.workspace, wish))
            except ObjectConflict:
                # Another process may have made this very network meanwhile; its range then overlaps with our wish.
                if daemon.network(name) is None:
                    raise
        seen = self._require(name)
        check_key(name, labels_in(seen), wish)
        return self._observe(seen)

    def update(self, before: Observed, wish: Wish) -> Observed:
        """Labels alone can change."""
        self._require(before.id)
        self._site.records.put(record_of(before.id, self._site.workspace, wish))
        return self._observe(self._require(before.id))

    def delete(self, id: str) -> None:
        seen = self._site.daemon.network(id)
        if seen and seen.get("Containers"):
            names = ", ".join(sorted(str(end["Name"]) for end in seen["Containers"].values()))
            raise ObjectConflict(
                f"Network {id} is in use by {names}.", hint="Remove or disconnect them first, then resume the run."
            )
        if seen:
            self._site.daemon.remove_network(id)
        self._site.records.remove("network", id)

    def _require(self, id: str) -> dict[str, Any]:
        seen = self._site.daemon.network(id)
        if seen is None:
            raise ObjectMissing(f"There is no network {id[:80]!r} on this machine.")
        return seen

    def _observe(self, seen: dict[str, Any]) -> Observed:
        name, tags = str(seen["Name"]), labels_in(seen)
        wished, labels = self._site.wished("network", name, tags)
        plan: dict[str, Any] = seen.get("IPAM") or {}
        ranges: list[dict[str, str]] = plan.get("Config") or [{}]
        real: dict[str, str | None] = {
            "id": name,
            "status": "active",
            "cidr": ranges[0].get("Subnet"),
            "gateway": ranges[0].get("Gateway"),
        }
        properties = wished | {field: value for field, value in real.items() if value}
        return Observed("network", name, properties, labels, tags.get(KEY, ""))
