"""Choosing addresses: hosts from the bottom of a network's range, floating addresses from the top."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from engine.model.errors import CapacityExhausted, PropertiesInvalid


def network_range(cidr: str) -> ipaddress.IPv4Network:
    """Raises `PropertiesInvalid` for a range that a bridge can't use."""
    found = ipaddress.ip_network(cidr)
    if not isinstance(found, ipaddress.IPv4Network) or found.prefixlen > 29:
        raise PropertiesInvalid(
            f"Local can't make a network of {cidr}.",
            hint="Choose an IPv4 range of /29 or larger, such as 10.20.0.0/24.",
        )
    return found


def gateway_of(cidr: str) -> str:
    return str(network_range(cidr)[1])


def free_address(cidr: str, used: Iterable[str], *, from_top: bool = False) -> str:
    """The first address that is neither used nor the network's, gateway's or broadcast's own."""
    taken = set(used) | {gateway_of(cidr)}
    whole = network_range(cidr)
    numbers = range(whole.num_addresses - 2, 1, -1) if from_top else range(2, whole.num_addresses - 1)
    for number in numbers:
        if str(whole[number]) not in taken:
            return str(whole[number])
    raise CapacityExhausted(f"Every address of {cidr} is taken.", hint="Remove servers, or use a larger network.")
