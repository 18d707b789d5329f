"""What Demo's objects cost a month, in EUR, from this file alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.quantity import size_in_bytes
from engine.model.unknown import unknowns
from engine.providers.contract import Price
from engine.providers.demo.sizes import size_for

GIB_OF_VOLUME = 0.05
FIXED = {"network": 0.0, "subnet": 0.0, "firewall": 0.0, "ssh_key": 0.0, "floating_ip": 3.0, "load_balancer": 6.0}


def price(type: str, properties: Mapping[str, Any]) -> Price | None:
    """None for what can't be priced: a type Demo doesn't sell, or a size that is unknown or wrong."""
    if type in FIXED:
        return Price(FIXED[type])
    sized = {name: properties.get(name) for name in ("size", "needs")}
    if any(True for _ in unknowns(sized)):
        return None
    try:
        if type == "server":
            return Price(size_for(sized).monthly)
        if type == "volume":
            return Price(round(size_in_bytes(sized["size"] or "") / (1 << 30) * GIB_OF_VOLUME, 4))
    except ValueError:
        pass
    return None
