"""What a provider owes the engine.

A provider is opened for one plan or one run, used inside one event loop, and closed. It keeps no state of its own
between calls: objects live in the cloud, and the engine remembers what it made.

Promises, each tried by `tests/contract/`:
- `create` tags the object with `key`; called again with the same key it returns the object that exists.
- `find` sees an object by its key as soon as `create` could have made it, also after a lost answer.
- `delete` of an absent object succeeds. `read` of an absent object is None.
- What `create` returns, `read` returns; properties come back in the form `Property.normal` gives them.
- Errors are `ProviderError`s; `effect_unknown` is set wherever the call may have had its effect.
- A secret's value appears in no error, repr, log line or observed property: a secret comes back as its reference.
- Nothing but the provider's own end point, as the home or the process environment names it, is contacted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel

from engine.model.account import Account
from engine.model.footprint import Footprint
from engine.model.resource import Observed
from engine.model.resource_type import ResourceType


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a provider is given: never anything from a workspace's files but its name and public key.

    `home` is the home folder, `settings` the home's `[providers.<name>]` table, `environment` the process's.
    `secret` turns a SecretRef into its value, and is called inside a step only.
    """

    workspace: str
    home: Path
    settings: Mapping[str, Any]
    environment: Mapping[str, str]
    public_key: str
    secret: Callable[[str], str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wish:
    """An object to create: `name` suits the cloud, `key` is its idempotency key or lookup tag.

    `properties` are inputs in normal form, every reference filled in.
    """

    type: str
    name: str
    properties: dict[str, Any]
    key: str
    labels: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Price:
    """What one object costs a month."""

    monthly: float
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class OfferedSize:
    """A size of server that `size` may name; `is_default` marks the one a server gets that states none."""

    name: str
    gives: Footprint
    is_default: bool = False


class Provider(Protocol):
    """One cloud, signed in to. `parallel` is how many calls it takes at once."""

    name: str
    parallel: int

    async def account(self) -> Account:
        """Who we are there. Raises `AuthFailed`; makes no change."""
        ...

    async def read(self, type: str, id: str) -> Observed | None: ...

    async def list(self, type: str) -> list[Observed]:
        """Every object of the type that this account holds, ours or not."""
        ...

    async def find(self, type: str, key: str) -> Observed | None:
        """The object that was created with this key."""
        ...

    async def create(self, wish: Wish) -> Observed:
        """Make the object and wait until it can be used."""
        ...

    async def update(self, before: Observed, wish: Wish) -> Observed:
        """Change the living object until it matches the wish; what matches already is left alone."""
        ...

    async def delete(self, type: str, id: str) -> None: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ProviderKind:
    """A provider as the registry knows it, before anyone signs in.

    `settings` is what the home's `[providers.<name>]` table may hold. `price` answers None for what it can't price; it
    works offline, from data in the provider's folder.
    `available` is an empty text, or says what is missing and how to get it. `sizes` are those of servers.
    """

    name: str
    summary: str
    types: Mapping[str, ResourceType]
    settings: type[BaseModel]
    open: Callable[[Surroundings], Provider]
    price: Callable[[str, Mapping[str, Any]], Price | None]
    available: Callable[[Surroundings], str]
    sizes: tuple[OfferedSize, ...] = ()
