"""Local's resource types: the unified ones, with what is different here."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, Literal

from engine.model.resource_type import ResourceType, prop
from engine.model.unified import Firewall, FloatingIp, Network, Server, SshKey, Volume
from engine.model.unknown import Unknown

IMAGES = ("debian-12",)
REGION = "local"


def region_problem(properties: dict[str, Any]) -> list[tuple[str, str]]:
    region = properties.get("region")
    known = region is None or isinstance(region, Unknown) or region == REGION
    return [] if known else [("region", f"Local has one region, {REGION!r}; leave it out")]


def flavour_problem(properties: dict[str, Any]) -> list[tuple[str, str]]:
    guarded = properties.get("flavour") == "sshd" and properties.get("firewalls")
    return [("firewalls", "a host of the flavour sshd has none; leave them out")] if guarded else []


def image_problem(properties: dict[str, Any]) -> list[tuple[str, str]]:
    image = properties.get("image")
    if not isinstance(image, str) or image in IMAGES:
        return []
    close = get_close_matches(image, IMAGES, n=1)
    meant = f"did you mean {close[0]!r}? " if close else ""
    return [("image", f"Local has no image {image[:60]!r}; {meant}it has {', '.join(IMAGES)}")]


class LocalNetwork(Network):
    """A private network with an address range of its own: a bridge on this machine."""

    @classmethod
    def conflicts(cls, properties: dict[str, Any]) -> list[tuple[str, str]]:
        return super().conflicts(properties) + region_problem(properties)


class LocalServer(Server):
    """A Debian host in a container, reachable over SSH with the workspace's key."""

    flavour: Literal["systemd", "sshd"] = prop(
        "What the host starts with: systemd, or sshd alone (no units, volumes, floating addresses or firewall).",
        "systemd", immutable=True,
    )  # fmt: skip
    init: str | None = prop(
        "What it did start with: sshd where Docker refused the rights that systemd needs.", computed=True
    )

    @classmethod
    def conflicts(cls, properties: dict[str, Any]) -> list[tuple[str, str]]:
        return (
            super().conflicts(properties)
            + region_problem(properties)
            + image_problem(properties)
            + flavour_problem(properties)
        )


class LocalVolume(Volume):
    """A block device that keeps its data when its server goes: an image file behind a loop device."""

    @classmethod
    def conflicts(cls, properties: dict[str, Any]) -> list[tuple[str, str]]:
        return super().conflicts(properties) + region_problem(properties)


class LocalFloatingIp(FloatingIp):
    """An address of a private network that moves between servers."""

    network: str = prop("Id of the private network it lives in.", immutable=True, refers="network")  # pyright: ignore[reportIncompatibleVariableOverride]

    @classmethod
    def conflicts(cls, properties: dict[str, Any]) -> list[tuple[str, str]]:
        return super().conflicts(properties) + region_problem(properties)


TYPES = {
    "network": ResourceType("network", LocalNetwork, ("IPv4, /29 or larger; ranges of one machine must not overlap.",)),
    "ssh_key": ResourceType("ssh_key", SshKey, ("Kept in the home folder, and put into hosts when they are created.",)),
    "server": ResourceType("server", LocalServer, (
        "Images: debian-12. Sizes: small (1 cpu, 1GiB), medium (2, 2GiB), large (4, 4GiB); disk is not limited.",
        "Hosts share the machine's kernel: they are no boundary against hostile software.",
    )),
    "volume": ResourceType("volume", LocalVolume, (
        "Needs loop devices. Growing takes it out of its host for a moment, so nothing may be using it.",
    )),
    "floating_ip": ResourceType("floating_ip", LocalFloatingIp, ("Private, out of its network's range.",)),
    "firewall": ResourceType("firewall", Firewall, ("An nftables table inside each host that uses it.",)),
}  # fmt: skip
