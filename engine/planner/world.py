"""World: what a plan is made against: recorded resources, and what the providers report of them now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.model.resource import Observed, Recorded


@dataclass(frozen=True, slots=True)
class LooseObject:
    """An object that an unanswered create left behind, found by its key."""

    address: str
    provider: str
    key: str
    observed: Observed


@dataclass(frozen=True, slots=True)
class World:
    """`observed` holds None for what vanished; `adopted` what an edit names for adoption, by address."""

    recorded: Mapping[str, Recorded]
    observed: Mapping[str, Observed | None]
    adopted: Mapping[str, Observed] = field(default_factory=dict[str, Observed])
    loose: Mapping[str, LooseObject] = field(default_factory=dict[str, LooseObject])
    incarnations: Mapping[str, int] = field(default_factory=dict[str, int])

    def now(self, address: str) -> dict[str, Any]:
        """Inputs and outputs of an existing resource: what is observed, over what was recorded."""
        known, seen = self.recorded[address], self.observed.get(address)
        return {**known.properties, **(seen.properties if seen else {})}
