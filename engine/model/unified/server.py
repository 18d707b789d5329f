from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from engine.model.quantity import Size
from engine.model.resource_type import ResourceModel, prop
from engine.model.secret_ref import SecretRef


class Needs(BaseModel):
    """The least a server must have; the provider picks its smallest fitting plan."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cpu: Annotated[int, Field(ge=1, le=512)] = 1
    memory: Size = "1GiB"
    disk: Size = "10GiB"


class Server(ResourceModel):
    """A machine, reachable over SSH with the workspace's key."""

    loses: ClassVar[str] = "what was on its disk"

    image: str = prop("Operating system image, such as debian-12.", immutable=True, min_length=1, max_length=200)
    size: str | None = prop("Name of a size or of a provider's plan: small, medium, large, …", None)
    needs: Needs | None = prop("Instead of a size: the least cpu, memory and disk.", None)
    region: str | None = prop("Region or zone; the provider's default if left out.", None, immutable=True)
    networks: list[str] = prop("Ids of private networks to join.", [], refers="network")
    firewalls: list[str] = prop("Ids of firewalls that guard it.", [], refers="firewall")
    ssh_keys: list[str] = prop("Ids of further SSH keys that may log in.", [], immutable=True, refers="ssh_key")
    user_data: str | None = prop("Script that runs at first boot.", None, immutable=True, code=True, max_length=16384)
    root_password: SecretRef | None = prop(
        "Console password, as a secret reference.", None, immutable=True, secret=True
    )

    address: str | None = prop("First private address, or the public one where there is none.", computed=True)
    addresses: dict[str, str] | None = prop("Address by network id.", computed=True)
    public_address: str | None = prop("Public address, where it has one.", computed=True)
    ssh: str | None = prop("Where SSH answers, as host:port.", computed=True)

    @classmethod
    def conflicts(cls, properties: dict[str, Any]) -> list[tuple[str, str]]:
        both = properties.get("size") is not None and properties.get("needs") is not None
        return [("needs", "size and needs exclude each other; keep one")] if both else []
