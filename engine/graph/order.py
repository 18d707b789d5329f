"""Order by dependency, with cycles named."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from engine.model.errors import Invalid

Item = TypeVar("Item", bound=Hashable)


def in_order(needs: Mapping[Item, Iterable[Item]]) -> list[Item]:
    """Every item after what it needs. Raises `Invalid` that names a cycle."""
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as cycle:
        path = " → ".join(str(item) for item in reversed(cycle.args[1]))
        raise Invalid(f"These need each other in a circle: {path}.", hint="Take one of the references out.") from None


def reach(start: Iterable[Item], onward: Mapping[Item, Iterable[Item]]) -> set[Item]:
    """The items and everything they lead to."""
    found: set[Item] = set()
    waiting = list(start)
    while waiting:
        item = waiting.pop()
        if item not in found:
            found.add(item)
            waiting.extend(onward.get(item, ()))
    return found
