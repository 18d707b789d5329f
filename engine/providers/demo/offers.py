"""What Demo offers: each unified type with Demo's own properties and limits."""

from __future__ import annotations

import ipaddress
from typing import Any, cast

from engine.model.quantity import Size, size_in_bytes
from engine.model.resource_type import ResourceModel, ResourceType, prop
from engine.model.unified import Firewall, FloatingIp, LoadBalancer, Network, Server, SshKey, Subnet, Volume
from engine.providers.demo.sizes import nearest, size_for

IMAGES = ("debian-12", "debian-13", "ubuntu-22.04", "ubuntu-24.04", "rocky-9", "alma-9", "alpine-3.22")
LARGEST_VOLUME = "16TiB"
VOLUMES_A_SERVER = 16


class InDemo(ResourceModel):
    """What Demo reports of every object."""

    name: str | None = prop("Name the object has in the cloud.", computed=True)


class DemoNetwork(InDemo, Network):
    """A private network with an address range of its own."""

    @classmethod
    def conflicts(cls, properties: dict[str, Any]) -> list[tuple[str, str]]:
        try:
            range = ipaddress.ip_network(properties.get("cidr"))  # pyright: ignore[reportArgumentType]
        except ValueError:
            return []
        if range.version == 4 and range.is_private and 8 <= range.prefixlen <= 29:
            return []
        return [("cidr", "a Demo network is a private IPv4 range of /8 to /29, such as 10.20.0.0/16")]


class DemoSubnet(InDemo, Subnet):
    """A part of a network's address range."""


class DemoFirewall(InDemo, Firewall):
    """Incoming traffic that servers accept; everything else incoming is dropped, outgoing is free."""


class DemoSshKey(InDemo, SshKey):
    """A public key that servers accept."""


class DemoServer(InDemo, Server):
    """A simulated machine: it has addresses and a price, and nothing answers there."""

    public: bool | None = prop("Whether it has a public address; left out, it has one if it joins no network.", None)
    size_name: str | None = prop("Name of the size it has.", computed=True)
    cpu: int | None = prop("Number of cpus.", computed=True)
    memory: Size | None = prop("Memory.", computed=True)
    disk: Size | None = prop("Disk.", computed=True)

    @classmethod
    def conflicts(cls, properties: dict[str, Any]) -> list[tuple[str, str]]:
        wrong = super().conflicts(properties)
        image, size, needs = (properties.get(name) for name in ("image", "size", "needs"))
        if isinstance(image, str) and image not in IMAGES:
            wrong.append(("image", f"{image[:60]!r} is no image of Demo; {nearest(image, IMAGES)}"))
        if not wrong and (isinstance(size, str) or isinstance(needs, dict)):
            wrong += _unsellable(size, needs)
        if properties.get("public") is False and not properties.get("networks"):
            wrong.append(("public", "a server joins a network or has a public address; name a network too"))
        return wrong


class DemoVolume(InDemo, Volume):
    """A block device that keeps its data when its server goes."""

    @classmethod
    def conflicts(cls, properties: dict[str, Any]) -> list[tuple[str, str]]:
        wrong = super().conflicts(properties)
        size = properties.get("size")
        try:
            whole = not isinstance(size, str) or size_in_bytes(size) % (1 << 30) == 0
            fits = not isinstance(size, str) or size_in_bytes(size) <= size_in_bytes(LARGEST_VOLUME)
        except ValueError:
            return wrong
        if not (whole and fits):
            wrong.append(("size", f"a volume has whole GiB, from 1GiB to {LARGEST_VOLUME}"))
        return wrong


class DemoFloatingIp(InDemo, FloatingIp):
    """An address that moves between servers."""


class DemoLoadBalancer(InDemo, LoadBalancer):
    """Spreads connections over servers."""

    private_address: str | None = prop("Its address in the private network it reaches servers through.", computed=True)

    @classmethod
    def conflicts(cls, properties: dict[str, Any]) -> list[tuple[str, str]]:
        wrong = super().conflicts(properties)
        listeners = properties.get("listeners")
        if isinstance(listeners, list) and all(isinstance(each, dict) for each in cast("list[Any]", listeners)):
            ports = [str(each.get("port")) for each in cast("list[dict[str, Any]]", listeners)]
            if len(ports) != len(set(ports)):
                wrong.append(("listeners", "each listener has a port of its own"))
        return wrong


def _unsellable(size: Any, needs: Any) -> list[tuple[str, str]]:
    try:
        size_for({"size": size, "needs": needs})
    except (ValueError, TypeError) as wrong:
        return [("size" if size is not None else "needs", str(wrong))]
    return []


OFFERS = {
    offer.name: offer
    for offer in (
        ResourceType("network", DemoNetwork, ("A private IPv4 range of /8 to /29.",)),
        ResourceType("subnet", DemoSubnet, ("It lies inside its network and overlaps no other subnet there.",)),
        ResourceType("firewall", DemoFirewall, ("It can't be deleted while a server uses it.",)),
        ResourceType("ssh_key", DemoSshKey),
        ResourceType(
            "server",
            DemoServer,
            (
                f"Images: {', '.join(IMAGES)}.",
                "It is resized in place, and joins and leaves networks while it runs.",
                "Its networks are in its region and don't overlap.",
            ),
        ),
        ResourceType(
            "volume",
            DemoVolume,
            (
                f"Whole GiB up to {LARGEST_VOLUME}; it grows while attached.",
                f"At most {VOLUMES_A_SERVER} volumes a server, in the server's region.",
            ),
        ),
        ResourceType("floating_ip", DemoFloatingIp, ("It stays in its region.",)),
        ResourceType("load_balancer", DemoLoadBalancer, ("One listener a port; its servers are in its region.",)),
    )
}
