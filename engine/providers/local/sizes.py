"""Sizes and their limits: processors and memory that a host may use, out of the machine's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from engine.model.errors import PropertiesInvalid
from engine.model.quantity import size_in_bytes, size_text

PERIOD = 100_000
_GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """Whole processors and bytes of memory; 0 is unlimited."""

    cpu: int
    memory: int

    @property
    def text(self) -> str:
        return f"{self.cpu or 'unlimited'} cpu, {size_text(self.memory) if self.memory else 'unlimited memory'}"


SIZES = {"small": Limits(1, _GIB), "medium": Limits(2, 2 * _GIB), "large": Limits(4, 4 * _GIB)}
DEFAULT_SIZE = "small"


def wished_limits(properties: Mapping[str, Any]) -> Limits:
    """Raises `PropertiesInvalid` for a size that Local does not have."""
    needs = properties.get("needs")
    if needs is not None:
        return Limits(int(needs.get("cpu", 1)), size_in_bytes(needs.get("memory", "1GiB")))
    size = str(properties.get("size") or DEFAULT_SIZE)
    if size not in SIZES:
        close = get_close_matches(size, SIZES, n=1)
        meant = f"Did you mean {close[0]!r}? " if close else ""
        raise PropertiesInvalid(
            f"Local has no size {size[:40]!r}.", hint=f"{meant}Sizes are {', '.join(SIZES)}; or say what it needs."
        )
    return SIZES[size]


def check_fits(limits: Limits, cpus: int, memory: int) -> None:
    """Raises `PropertiesInvalid` where the machine is smaller than one host's limits."""
    if limits.cpu > cpus or limits.memory > memory:
        raise PropertiesInvalid(
            f"The server asks for {limits.text}; the whole machine has {cpus} cpu and {memory / _GIB:.1f}GiB.",
            hint="Choose a smaller size, or give Docker's machine more.",
        )


def seen_limits(host_config: Mapping[str, Any]) -> Limits:
    quota, period, nano = (int(host_config.get(name) or 0) for name in ("CpuQuota", "CpuPeriod", "NanoCpus"))
    cpu = nano // 1_000_000_000 if nano else (quota // (period or PERIOD) if quota > 0 else 0)
    return Limits(cpu, int(host_config.get("Memory") or 0))


def seen_size(properties: Mapping[str, Any], seen: Limits) -> dict[str, Any]:
    """`size` and `needs` as wished where the limits agree, else what the limits really are."""
    try:
        agrees = wished_limits(properties) == seen
    except PropertiesInvalid:
        agrees = False
    if agrees:
        return {}
    if properties.get("needs") is not None and seen.cpu and seen.memory % 1024 == 0:
        return {"needs": {**properties["needs"], "cpu": seen.cpu, "memory": size_text(seen.memory or 1024)}}
    return {"size": next((name for name, limits in SIZES.items() if limits == seen), seen.text)}
