from __future__ import annotations

from engine.model.resource_type import ResourceModel, prop
from engine.model.unified.cidr import Cidr


class Subnet(ResourceModel):
    """A part of a network's address range."""

    network: str = prop("Id of the network.", immutable=True, refers="network")
    cidr: Cidr = prop("Address range inside the network's.", immutable=True)
    region: str | None = prop("Region or zone; the network's if left out.", None, immutable=True)
