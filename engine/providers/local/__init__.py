"""Local: real Debian hosts in containers on this machine, through the API of Docker or Podman."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.footprint import Footprint
from engine.model.quantity import size_text
from engine.providers.contract import OfferedSize, Price, ProviderKind
from engine.providers.local.endpoint import available
from engine.providers.local.provider import Local
from engine.providers.local.schema import TYPES
from engine.providers.local.settings import LocalSettings
from engine.providers.local.sizes import DEFAULT_SIZE, SIZES


def price(type: str, properties: Mapping[str, Any]) -> Price | None:
    """What runs on one's own machine costs nothing."""
    return Price(0.0) if type in TYPES else None


KIND = ProviderKind(
    name="local",
    summary="Real Debian hosts on this machine, as containers with systemd, through Docker or Podman.",
    types=TYPES,
    settings=LocalSettings,
    open=Local,
    price=price,
    available=available,
    sizes=tuple(
        OfferedSize(name, Footprint(cpu=limits.cpu, memory=size_text(limits.memory)), name == DEFAULT_SIZE)
        for name, limits in SIZES.items()
    ),
)
