"""Merge: several layers as one, and for every value the layer that it is from.

Tables are merged key by key, to any depth. Everything else, lists too, is taken whole from the highest layer that says
it: half a list from here and half from there is what nobody wrote. A table and a value of one name don't mix either;
the higher one stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.model.unknown import is_mapping
from engine.settings.layer import Layer

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """`origins` has the path of each value that is no table, and of each empty table."""

    values: dict[str, Any]
    origins: Mapping[Keys, Layer]

    def origin(self, path: Keys) -> Layer | None:
        """Of a value, or of the value that a part of it belongs to."""
        return next((self.origins[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self.origins), None)


def merge(layers: Sequence[Layer]) -> Merged:
    """Highest layer first."""
    values: dict[str, Any] = {}
    origins: dict[Keys, Layer] = {}
    for layer in reversed(layers):
        _lay_over(values, origins, layer.values, layer, ())
    return Merged(values, origins)


def leaves(values: Mapping[str, Any], above: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """Every value that is no table, and every empty table, with its path."""
    for key, value in values.items():
        if is_mapping(value) and value:
            yield from leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _lay_over(
    below: dict[str, Any], origins: dict[Keys, Layer], above: Mapping[str, Any], layer: Layer, path: Keys
) -> None:
    for key, value in above.items():
        here = (*path, key)
        if is_mapping(value) and value:
            if not is_mapping(below.get(key)):
                below[key] = {}
            origins.pop(here, None)
            _lay_over(below[key], origins, value, layer, here)
        elif not (is_mapping(value) and is_mapping(below.get(key))):
            if is_mapping(below.get(key)):
                _forget(origins, here)
            below[key] = dict(value) if is_mapping(value) else value
            origins[here] = layer


def _forget(origins: dict[Keys, Layer], path: Keys) -> None:
    """All that is below a table."""
    for known in [each for each in origins if each[: len(path)] == path]:
        del origins[known]
