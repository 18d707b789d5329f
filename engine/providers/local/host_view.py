"""How a server is reported: as wished, with what the daemon and the host itself know better."""

from __future__ import annotations

from typing import Any

from engine.model.resource import Observed
from engine.providers.local.guest import Guest
from engine.providers.local.host_addresses import address_in
from engine.providers.local.host_config import INIT_LABEL
from engine.providers.local.naming import KEY
from engine.providers.local.site import Site, labels_in
from engine.providers.local.sizes import seen_limits, seen_size


def observe_host(site: Site, seen: dict[str, Any]) -> Observed:
    name, tags = str(seen["Name"]).lstrip("/"), labels_in(seen)
    wished, labels = site.wished("server", name, tags)
    addresses = _addresses(seen, wished)
    port = loopback_port(seen)
    computed: dict[str, Any] = {
        "id": name,
        "status": seen["State"]["Status"],
        "init": tags.get(INIT_LABEL),
        "address": next(iter(addresses.values()), None) or _default_address(seen),
        "addresses": addresses,
        "ssh": f"127.0.0.1:{port}" if port else None,
    }
    real = (
        seen_size(wished, seen_limits(seen["HostConfig"]))
        | _networks(wished, addresses)
        | _firewalls(site, name, seen, wished)
    )
    properties = {field: value for field, value in (wished | real | computed).items() if value is not None}
    return Observed("server", name, properties, labels, tags.get(KEY, ""))


def loopback_port(seen: dict[str, Any]) -> int:
    """Where SSH is published; 0 while the host does not run."""
    ports: dict[str, Any] = seen["NetworkSettings"].get("Ports") or {}
    bindings: list[dict[str, str]] = ports.get("22/tcp") or []
    return int(bindings[0]["HostPort"]) if bindings and bindings[0].get("HostPort") else 0


def _addresses(seen: dict[str, Any], wished: dict[str, Any]) -> dict[str, str]:
    """By network, in the order of the wish, strangers last; Docker's default network is not one of ours."""
    ends: dict[str, dict[str, Any]] = seen["NetworkSettings"]["Networks"]
    order: list[str] = wished.get("networks") or []
    names = [name for name in order if name in ends] + sorted(set(ends) - set(order) - {"bridge"})
    return {name: address_in(ends[name]) for name in names}


def _default_address(seen: dict[str, Any]) -> str | None:
    return address_in(seen["NetworkSettings"]["Networks"].get("bridge") or {}) or None


def _networks(wished: dict[str, Any], addresses: dict[str, str]) -> dict[str, Any]:
    return {"networks": list(addresses)} if list(addresses) != (wished.get("networks") or []) else {}


def _firewalls(site: Site, name: str, seen: dict[str, Any], wished: dict[str, Any]) -> dict[str, Any]:
    """A table that someone changed or flushed inside guards no longer as wished."""
    guest = Guest(site.daemon, name, seen)
    if not wished.get("firewalls") or not guest.runs:
        return {}
    return {} if guest.facts().firewall_kept else {"firewalls": []}
