"""The sizes Demo sells, and which of them a server gets."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.model.quantity import size_in_bytes


@dataclass(frozen=True, slots=True)
class ServerSize:
    """One size; `monthly` in EUR."""

    name: str
    cpu: int
    memory: str
    disk: str
    monthly: float

    def fits(self, cpu: int, memory: str, disk: str) -> bool:
        room = size_in_bytes(self.memory) >= size_in_bytes(memory) and size_in_bytes(self.disk) >= size_in_bytes(disk)
        return self.cpu >= cpu and room

    def __str__(self) -> str:
        return f"{self.name} ({self.cpu} cpu, {self.memory}, {self.disk})"


SIZES = {
    size.name: size
    for size in (
        ServerSize("tiny", 1, "1GiB", "10GiB", 2.50),
        ServerSize("small", 1, "2GiB", "20GiB", 4.00),
        ServerSize("medium", 2, "4GiB", "40GiB", 8.00),
        ServerSize("large", 4, "8GiB", "80GiB", 16.00),
        ServerSize("xlarge", 8, "16GiB", "160GiB", 32.00),
        ServerSize("2xlarge", 16, "32GiB", "320GiB", 64.00),
        ServerSize("4xlarge", 32, "64GiB", "640GiB", 128.00),
    )
}
DEFAULT_SIZE = SIZES["small"]
LARGEST_SIZE = SIZES["4xlarge"]


def size_for(properties: Mapping[str, Any]) -> ServerSize:
    """The size wished by name, or the smallest that meets the needs; small where neither is said.

    Raises ValueError with the fact and the way out.
    """
    name, needs = properties.get("size"), properties.get("needs")
    if name is not None:
        if name not in SIZES:
            raise ValueError(f"{name!r:.60} is no size of Demo; {nearest(str(name), SIZES)}")
        return SIZES[name]
    if needs is None:
        return DEFAULT_SIZE
    wanted = (needs.get("cpu", 1), needs.get("memory", "1GiB"), needs.get("disk", "10GiB"))
    fitting = [size for size in SIZES.values() if size.fits(*wanted)]
    if not fitting:
        raise ValueError(f"no size has {wanted[0]} cpu, {wanted[1]} and {wanted[2]}; the largest is {LARGEST_SIZE}")
    return fitting[0]


def nearest(word: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    """`did you mean …?` where something is near, else what there is."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean {near[0]}?" if near else "there are " + ", ".join(known)
