from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.model.resource_type import ResourceModel, prop

Port = Annotated[int, Field(ge=1, le=65535)]


class Listener(BaseModel):
    """One port that is spread over the servers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    port: Port
    target_port: Port
    protocol: Literal["tcp", "http"] = "tcp"


class LoadBalancer(ResourceModel):
    """Spreads connections over servers."""

    loses: ClassVar[str] = "its address"

    listeners: list[Listener] = prop("Ports it answers on.", min_length=1)
    servers: list[str] = prop("Ids of the servers behind it.", [], refers="server")
    network: str | None = prop(
        "Id of the private network it reaches them through.", None, immutable=True, refers="network"
    )
    region: str | None = prop("Region or zone; the provider's default if left out.", None, immutable=True)
    address: str | None = prop("Address it answers on.", computed=True)
