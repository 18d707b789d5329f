"""Order by dependency, with cycles named."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeVar

from engine.model.errors import Invalid

Item = TypeVar("Item", bound=Hashable)


class Circle(Invalid):
    """Things that need each other; `items` are all of them."""

    def __init__(self, items: list[Any]) -> None:
        path = " → ".join(str(item) for item in items)
        super().__init__(f"These need each other in a circle: {path}.", hint="Take one of the references out.")
        self.items = items


def in_order(needs: Mapping[Item, Iterable[Item]]) -> list[Item]:
    """Every item after what it needs. Raises `Circle`."""
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as cycle:
        raise Circle(list(reversed(cycle.args[1]))) from None


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
