"""A host from inside: its volumes, floating addresses and firewall, kept in files that its boot unit reads as well."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.model.errors import ObjectConflict, ObjectMissing, PropertiesInvalid, ProviderError, TransientFailure
from engine.providers.local.daemon import Daemon, PlacedFile
from engine.providers.local.host_config import INIT_LABEL
from engine.providers.local.site import Site, labels_in
from engine.providers.local.translation import quoted

_SCRIPT = "/usr/lib/groundplan/host"
_FOLDER = "/etc/groundplan"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a running host has now: mount folder ("" for none) by volume tag, addresses, and its firewall's state."""

    volumes: dict[str, str] = field(default_factory=dict[str, str])
    addresses: frozenset[str] = frozenset()
    firewall_kept: bool = False


class Guest:
    """One host, which exists; where it does not run, changes take effect at its next start."""

    def __init__(self, daemon: Daemon, name: str, seen: dict[str, Any]) -> None:
        self._daemon = daemon
        self.name = name
        self.runs = bool(seen["State"]["Running"])
        self.has_systemd = labels_in(seen).get(INIT_LABEL) == "systemd"

    def set_volume(self, tag: str, line: str) -> None:
        """An empty line unmounts it."""
        self._set("volumes.d/" + tag, line, "volumes")

    def set_address(self, tag: str, line: str) -> None:
        """An empty line takes it away."""
        self._set("addresses.d/" + tag, line, "floating addresses")

    def set_firewall(self, table: str) -> None:
        """An empty table takes the firewall away."""
        self._set("firewall.nft", table, "firewalls")

    def facts(self) -> Facts:
        """Nothing is known of a host that does not run."""
        if not self.runs or not self.has_systemd:
            return Facts()
        code, said = self._daemon.run(self.name, [_SCRIPT, "facts"])
        return parse_facts(said) if code == 0 else Facts()

    def is_ready(self) -> bool:
        """Whether something listens for SSH, asked from inside: a firewall may keep everyone else out."""
        return self._daemon.run(self.name, [_SCRIPT, "ready"])[0] == 0

    def _set(self, path: str, content: str, what: str) -> None:
        if not content and not self.has_systemd:
            return
        self.require(what)
        self._daemon.put(self.name, _FOLDER, [PlacedFile(path, content.encode())])
        if self.runs:
            self._apply()

    def _apply(self) -> None:
        code, said = self._daemon.run(self.name, [_SCRIPT, "apply"])
        if code:
            raise _refusal(self.name, said)

    def require(self, what: str) -> None:
        """Raises `PropertiesInvalid` for a host that can't have any of it."""
        if not self.has_systemd:
            raise PropertiesInvalid(
                f"{self.name} runs without systemd, and such hosts have no {what}.",
                hint="Leave them out, or use a Docker that grants SYS_ADMIN and NET_ADMIN and create the server anew.",
            )


def find_guest(site: Site, server: str) -> Guest | None:
    seen = site.container("server", server)
    return Guest(site.daemon, server, seen) if seen else None


def require_guest(site: Site, server: str) -> Guest:
    guest = find_guest(site, server)
    if guest is None:
        raise ObjectMissing(f"There is no server {server[:80]!r} on this machine.")
    return guest


def parse_facts(said: str) -> Facts:
    """Lines of words; what is not understood is left out, for a host may say anything."""
    volumes: dict[str, str] = {}
    addresses: set[str] = set()
    kept = False
    for words in (line.split() for line in said.splitlines()):
        match words:
            case ["volume", tag, mount]:
                volumes[tag] = "" if mount == "-" else mount
            case ["address", address]:
                addresses.add(address)
            case ["firewall", "kept"]:
                kept = True
            case _:
                pass
    return Facts(volumes, frozenset(addresses), kept)


def _refusal(name: str, said: str) -> ProviderError:
    if "busy" in said:
        return ObjectConflict(
            f"{name} still uses the volume: {quoted(said)}.",
            hint="Stop what has files open there, then resume the run.",
        )
    return TransientFailure(f"{name} could not be brought in line: {quoted(said)}.")
