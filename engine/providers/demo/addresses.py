"""Addresses: each pool is a network's range or the public one, and hands out what follows the last one taken."""

from __future__ import annotations

import ipaddress
import sqlite3
from itertools import chain

from engine.model.errors import CapacityExhausted

# Ranges set aside for documentation (RFC 5737) and, when those are full, for benchmarks (RFC 2544): no one's hosts.
PUBLIC_RANGES = tuple(
    map(ipaddress.IPv4Network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15"))
)
PUBLIC_POOL = "public"


def gateway_of(cidr: str) -> str:
    """The first address of a range."""
    return str(ipaddress.ip_network(cidr)[1])


def private_address(db: sqlite3.Connection, network: str, cidr: str, holder: str) -> str:
    """A free address of a network's range, taken for the holder. Raises `CapacityExhausted`."""
    hosts = ipaddress.IPv4Network(cidr)
    found = _next_in(db, network, int(hosts[2]), int(hosts[-2]))
    if found is None:
        raise CapacityExhausted(
            f"Network {network} ({cidr}) has no free address left.", hint="Use a network with a larger range."
        )
    return _take(db, network, found, holder)


def public_address(db: sqlite3.Connection, holder: str) -> str:
    """A free public address, taken for the holder. Raises `CapacityExhausted`."""
    for hosts in PUBLIC_RANGES:
        found = _next_in(db, PUBLIC_POOL, int(hosts[1]), int(hosts[-2]))
        if found is not None:
            return _take(db, PUBLIC_POOL, found, holder)
    raise CapacityExhausted("Demo has no public address left.", hint="Delete servers or floating addresses.")


def give_back(db: sqlite3.Connection, pool: str, holder: str) -> None:
    """Frees what the holder has in this pool."""
    db.execute("delete from address where pool = ? and holder = ?", (pool, holder))


def held(db: sqlite3.Connection, holder: str) -> dict[str, str]:
    """What the holder has, by pool."""
    rows = db.execute("select pool, number from address where holder = ?", (holder,))
    return {pool: str(ipaddress.IPv4Address(number)) for pool, number in rows}


def _next_in(db: sqlite3.Connection, pool: str, first: int, last: int) -> int | None:
    """The number after the highest taken one; once the end is reached, the lowest gap."""
    bounds = (pool, first, last)
    within = "from address where pool = ? and number between ? and ?"
    highest = db.execute(f"select max(number) {within}", bounds).fetchone()[0]
    if highest is None:
        return first
    if highest < last:
        return highest + 1
    taken = db.execute(f"select number {within} order by number", bounds)
    expected = first
    for (number,) in chain(taken, [(last + 1,)]):
        if number != expected:
            return expected
        expected += 1
    return None


def _take(db: sqlite3.Connection, pool: str, number: int, holder: str) -> str:
    db.execute("insert into address values (?, ?, ?)", (pool, number, holder))
    return str(ipaddress.IPv4Address(number))
