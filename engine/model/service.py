"""Service: software that can run on servers: what it is for, what it needs, and which others it cannot do without."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from engine.model.footprint import Footprint

# What each kind of service does, in the order in which an overview names them.
CATEGORIES = {
    "container-runtimes": "Run containers on a host.",
    "kubernetes": "Clusters, and what drives them.",
    "networking": "Routing, VPN, addresses that move, networks of pods.",
    "storage": "Files, blocks and objects for other hosts.",
    "databases": "Relational, analytic, of time, of vectors.",
    "caches": "Data in memory.",
    "queues": "Messages and events between programs.",
    "monitoring": "Metrics, alerts, dashboards.",
    "logging": "Logs taken in, kept and found.",
    "web": "Web servers and what runs in a browser.",
    "proxies": "Load balancers and ways in.",
    "dns": "Names to addresses.",
    "security": "Certificates, secrets, defence.",
    "identity": "People, groups, sign-in.",
    "ci-git": "Repositories, builds and tests.",
    "registries": "Images and packages.",
    "backup": "Copies that survive.",
    "mail-and-chat": "Mail and messages between people.",
}
NOT_DECLARED = "A manifest can't declare services yet: declare servers, and install the software yourself."
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,38}$")]


class ServiceNeeds(BaseModel):
    """`least` starts it, `comfortable` runs it for a small group; `source` says whose figures they are."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    least: Footprint
    comfortable: Footprint
    source: str = Field(min_length=3, max_length=100)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.comfortable.holds(self.least):
            raise ValueError("comfortable is less than least")
        return self


class Service(BaseModel):
    """`purposes` are words that people ask with, the most typical first. `requires` are services that have to be there;
    `suggests` are good beside it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    category: str
    summary: str = Field(min_length=10, max_length=120)
    purposes: tuple[Annotated[str, Field(min_length=2, max_length=40)], ...] = Field(min_length=1, max_length=12)
    needs: ServiceNeeds
    requires: tuple[Name, ...] = ()
    suggests: tuple[Name, ...] = ()
    ports: tuple[Annotated[str, Field(pattern=r"^[0-9]{1,5}/(tcp|udp)$")], ...] = ()
    stateful: bool = False

    @field_validator("category")
    @classmethod
    def _is_known(cls, category: str) -> str:
        if category not in CATEGORIES:
            raise ValueError(f"there is no category {category[:40]!r}; there are {', '.join(CATEGORIES)}")
        return category

    @field_validator("ports")
    @classmethod
    def _are_ports(cls, ports: tuple[str, ...]) -> tuple[str, ...]:
        if any(not 0 < int(port.partition("/")[0]) < 65_536 for port in ports):
            raise ValueError("a port lies between 1 and 65535")
        return ports
