"""Firewalls: rules kept in the home, and written as an nftables table of our own into each host that uses them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.model.errors import ObjectConflict, ObjectMissing
from engine.model.resource import Observed
from engine.providers.contract import Wish
from engine.providers.local.guest import find_guest
from engine.providers.local.kept import Kept
from engine.providers.local.records import record_of
from engine.providers.local.site import Site, labels_in, recorded

_TYPE = "firewall"
LOCK = "firewalls"
Rules = Sequence[Mapping[str, Any]]


class Firewalls(Kept):
    def __init__(self, site: Site) -> None:
        super().__init__(site, _TYPE)

    def create(self, wish: Wish) -> Observed:
        record = record_of(self._site.name_of(wish), self._site.workspace, wish, status="active")
        self._site.records.put(record)
        return recorded(record)

    def update(self, before: Observed, wish: Wish) -> Observed:
        """Hosts first, the record last: a crash between them shows as a difference that the next update mends."""
        if self._site.records.get(_TYPE, before.id) is None:
            raise ObjectMissing(f"There is no firewall {before.id[:80]!r}.")
        record = record_of(before.id, self._site.workspace, wish, status="active")
        with self._site.records.lock(LOCK):
            for server, firewalls in self._users(before.id):
                guest = find_guest(self._site, server)
                if guest:
                    guest.set_firewall(table_of(self._site, firewalls, {before.id: wish.properties.get("rules") or []}))
            self._site.records.put(record)
        return recorded(record)

    def delete(self, id: str) -> None:
        users = ", ".join(server for server, _ in self._users(id))
        if users:
            raise ObjectConflict(f"Firewall {id} guards {users}.", hint="Take it off these servers first.")
        self._site.records.remove(_TYPE, id)

    def _users(self, id: str) -> list[tuple[str, list[str]]]:
        found: list[tuple[str, list[str]]] = []
        for seen in self._site.containers("server"):
            name = str(seen["Names"][0]).lstrip("/")
            properties, _ = self._site.wished("server", name, labels_in(seen))
            firewalls: list[str] = properties.get("firewalls") or []
            if id in firewalls:
                found.append((name, firewalls))
        return found


def table_of(site: Site, firewalls: Iterable[str], newer: Mapping[str, Rules] | None = None) -> str:
    """The table for a host behind these firewalls: what any of them lets in. Empty without a firewall.

    Raises `ObjectMissing` for an id that is no firewall.
    """
    ids = list(firewalls)
    if not ids:
        return ""
    rules: list[Mapping[str, Any]] = []
    for id in ids:
        record = site.records.get(_TYPE, id)
        if record is None:
            raise ObjectMissing(f"There is no firewall {id[:80]!r}.")
        kept: Rules = record.properties.get("rules") or []
        rules.extend((newer or {}).get(id, kept))
    return nft_table(rules)


def nft_table(rules: Rules) -> str:
    """An nft script that replaces our table in one transaction; Docker's own tables, its name service, stay."""
    lines = [
        "table inet groundplan",
        "delete table inet groundplan",
        "table inet groundplan {",
        "  chain input {",
        "    type filter hook input priority filter; policy drop;",
        "    ct state established,related accept",
        "    iifname lo accept",
        "    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept",
        *(f"    {line}" for rule in rules for line in _rule_lines(rule)),
        "  }",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _rule_lines(rule: Mapping[str, Any]) -> list[str]:
    protocol = rule.get("protocol", "tcp")
    lines: list[str] = []
    for source in rule.get("sources") or ["0.0.0.0/0", "::/0"]:
        network = ipaddress.ip_network(source)
        family = "ip" if network.version == 4 else "ip6"
        what = {"ip": "meta l4proto icmp", "ip6": "meta l4proto icmpv6"}[family]
        if protocol != "icmp":
            what = f"{protocol} dport {rule['ports']}"
        lines.append(f"{family} saddr {network} {what} accept")
    return lines
