"""Resource: one declared thing; Recorded: what the last run left; Observed: what the provider reports now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from engine.model.address import Address

Lineage = Literal["created", "adopted"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document says something; line and column count from 1, 0 is unknown."""

    file: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """`prevent_destroy` refuses any plan that deletes or replaces; `replace` says which object goes first."""

    prevent_destroy: bool = False
    replace: Literal["delete_first", "create_first"] = "delete_first"


@dataclass(frozen=True, slots=True)
class Declaration:
    """One entry of a manifest, before `count` and `names` are unfolded. `properties` may hold `Unknown`s."""

    address: Address
    provider: str
    properties: dict[str, Any]
    count: int | None = None
    names: tuple[str, ...] | None = None
    depends_on: tuple[Address, ...] = ()
    labels: dict[str, str] = field(default_factory=dict[str, str])
    lifecycle: Lifecycle = Lifecycle()
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Resource:
    """One desired thing. `depends_on` holds every address it needs first, named or by reference."""

    address: Address
    provider: str
    properties: dict[str, Any]
    depends_on: tuple[Address, ...] = ()
    labels: dict[str, str] = field(default_factory=dict[str, str])
    lifecycle: Lifecycle = Lifecycle()
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the state store keeps of one resource: its object's id, and inputs and outputs after the last run."""

    address: Address
    provider: str
    id: str
    inputs: dict[str, Any]
    properties: dict[str, Any]
    labels: dict[str, str]
    depends_on: tuple[Address, ...]
    lineage: Lineage
    prevent_destroy: bool = False
    serial: int = 0
    updated_at: str = ""


@dataclass(frozen=True, slots=True)
class Observed:
    """What a provider reports of one object: inputs and computed values in one mapping.

    `key` is the idempotency key or lookup tag it was created with, empty if none is known.
    """

    type: str
    id: str
    properties: dict[str, Any]
    labels: dict[str, str] = field(default_factory=dict[str, str])
    key: str = ""
