from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from engine.model.resource_type import ResourceModel, prop
from engine.model.unified.cidr import Cidr

Ports = Annotated[
    str,
    Field(pattern=r"^([0-9]{1,5})(-[0-9]{1,5})?$", description="a port or a range, such as 443 or 8000-8100"),
]


class FirewallRule(BaseModel):
    """Lets one kind of incoming traffic in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    protocol: Literal["tcp", "udp", "icmp"] = "tcp"
    ports: Ports | None = None
    sources: list[Cidr] = Field(default_factory=lambda: ["0.0.0.0/0", "::/0"])
    description: Annotated[str, Field(max_length=120)] = ""


class Firewall(ResourceModel):
    """Incoming traffic that servers accept; everything else incoming is dropped, outgoing is free."""

    rules: list[FirewallRule] = prop("What is let in, in order.", [])

    @classmethod
    def conflicts(cls, properties: dict[str, Any]) -> list[tuple[str, str]]:
        wrong: list[tuple[str, str]] = []
        rules = properties.get("rules")
        for number, each in enumerate(cast("list[Any]", rules) if isinstance(rules, list) else []):
            if not isinstance(each, dict):
                continue
            rule = cast("dict[str, Any]", each)
            if rule.get("protocol") == "icmp" and rule.get("ports"):
                wrong.append((f"rules[{number}].ports", "icmp has no ports; leave it out"))
            if rule.get("protocol") != "icmp" and not rule.get("ports"):
                wrong.append((f"rules[{number}].ports", "tcp and udp rules name a port or a range, such as 443"))
            bounds = [int(port) for port in str(rule.get("ports") or "1").split("-")]
            if bounds != sorted(bounds) or not all(0 < port < 65536 for port in bounds):
                wrong.append((f"rules[{number}].ports", "ports lie between 1 and 65535, the lower one first"))
        return wrong
