from __future__ import annotations

from engine.model.resource_type import ResourceModel, prop
from engine.model.unified.cidr import Cidr


class Network(ResourceModel):
    """A private network with an address range of its own."""

    cidr: Cidr = prop("Address range, such as 10.20.0.0/16.", immutable=True)
    region: str | None = prop("Region or zone; the provider's default if left out.", None, immutable=True)
    gateway: str | None = prop("Address of the gateway.", computed=True)
