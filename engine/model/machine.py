"""MachineFacts: what this machine gives; Platform: something on it that servers could run on; PlatformAdvice: all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """Counts of bytes; 0 is unknown. Limits of a container count: `cpu` and `memory` are what may be used."""

    system: str
    cpu: int
    memory: int
    memory_available: int
    disk_free: int
    limited: bool = False


@dataclass(frozen=True, slots=True)
class Platform:
    """`provider` is the Groundplan provider that works with it, empty where none is built.

    `is_usable` means that servers could be made there now.
    """

    name: str
    is_found: bool
    is_usable: bool
    reasons: tuple[str, ...]
    provider: str = ""


@dataclass(frozen=True, slots=True)
class PlatformAdvice:
    """`platforms` best first, what was not found last; `modes` are those that the machine is large enough for."""

    machine: MachineFacts
    platforms: tuple[Platform, ...]
    modes: tuple[str, ...]
    seconds: float

    @property
    def best(self) -> Platform:
        return self.platforms[0]
