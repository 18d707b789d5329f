"""Addresses in a network: whose they are, and which are free."""

from __future__ import annotations

from typing import Any

from engine.model.errors import ObjectMissing
from engine.providers.local.host_config import ADDRESS_LABEL
from engine.providers.local.site import Site, labels_in


def cidr_of(site: Site, network: str) -> str:
    """Raises `ObjectMissing` where there is no such network."""
    seen = site.daemon.network(network)
    if seen is None:
        raise ObjectMissing(f"There is no network {network[:80]!r} on this machine.")
    return str(seen["IPAM"]["Config"][0]["Subnet"])


def address_in(endpoint: dict[str, Any]) -> str:
    """A container's address in one network: the one it has, or while it is stopped the one that is its own."""
    own: dict[str, str] = endpoint.get("IPAMConfig") or {}
    return str(endpoint.get("IPAddress") or own.get("IPv4Address") or "")


def used_addresses(site: Site, network: str) -> set[str]:
    """Of containers that run or not, and of floating addresses."""
    used = {
        str(record.outputs["address"])
        for record in site.records.all("floating_ip")
        if record.properties.get("network") == network
    }
    used |= {labels_in(seen).get(ADDRESS_LABEL, "") for seen in site.containers("server")}
    for seen in site.daemon.containers_in(network):
        endpoint = seen["NetworkSettings"]["Networks"].get(network)
        used.add(address_in(endpoint) if endpoint else "")
    return used - {""}
