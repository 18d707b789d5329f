"""Providers by name: every folder under `engine/providers` is one, imported when it is first asked for."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

import engine.providers
from engine.model.errors import NotFound
from engine.model.resource_type import ResourceType
from engine.providers.contract import ProviderKind

# What each provider covers, by provider and type.
Offers = Mapping[str, Mapping[str, ResourceType]]


@cache
def provider_names() -> tuple[str, ...]:
    return tuple(sorted(found.name for found in pkgutil.iter_modules(engine.providers.__path__) if found.ispkg))


@cache
def provider_kind(name: str) -> ProviderKind:
    """Raises `NotFound` with the nearest names."""
    if name not in provider_names():
        near = difflib.get_close_matches(name, provider_names(), 1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(provider_names())}."
        raise NotFound(f"There is no provider {name[:60]!r}.", hint=hint)
    kind: ProviderKind = importlib.import_module(f"engine.providers.{name}").KIND
    return kind


def offers() -> Offers:
    """What each provider covers, by provider and type."""
    return {name: provider_kind(name).types for name in provider_names()}
