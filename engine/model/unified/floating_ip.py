from __future__ import annotations

from typing import ClassVar

from engine.model.resource_type import ResourceModel, prop


class FloatingIp(ResourceModel):
    """An address that moves between servers."""

    loses: ClassVar[str] = "its address"

    server: str | None = prop("Id of the server that answers to it now.", None, refers="server")
    network: str | None = prop(
        "Id of the private network it lives in; public if left out.", None, immutable=True, refers="network"
    )
    region: str | None = prop("Region or zone; the provider's default if left out.", None, immutable=True)
    address: str | None = prop("The address.", computed=True)
