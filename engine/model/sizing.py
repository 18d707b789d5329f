"""Fit: a provider's size that is large enough, with its price; ServerSizing: what one server needs; Sizing: all."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.footprint import Footprint


@dataclass(frozen=True, slots=True)
class Fit:
    """`monthly` is None where nobody prices it."""

    provider: str
    size: str
    footprint: Footprint
    monthly: float | None
    currency: str

    def __str__(self) -> str:
        price = "not priced" if self.monthly is None else f"{self.monthly:.2f} {self.currency} a month"
        return f"{self.provider} {self.size} ({self.footprint}): {price}"


@dataclass(frozen=True, slots=True)
class ServerSizing:
    """One server, or `count` equal ones.

    `comfortable` and `least` are what its services need with headroom, None where none were named. `fits` hold the
    comfortable figures, cheapest first; `tight` is the cheapest that holds the least ones. `declared` is the size
    that the workspace gives it, and `is_enough` whether that holds the comfortable figures; None where not known.
    """

    name: str
    services: tuple[str, ...] = ()
    comfortable: Footprint | None = None
    least: Footprint | None = None
    fits: tuple[Fit, ...] = ()
    tight: Fit | None = None
    declared: Fit | None = None
    is_enough: bool | None = None
    count: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sizing:
    """`totals` are a month's sums by what they are of; `rule` says how the figures were made."""

    servers: tuple[ServerSizing, ...]
    totals: tuple[str, ...]
    rule: str
