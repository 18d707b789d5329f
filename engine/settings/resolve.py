"""Resolve: from layers to typed settings, with every problem at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engine.model.errors import Problem
from engine.model.unknown import is_mapping
from engine.notation.problems import Problems
from engine.settings.complaint import complaints
from engine.settings.interpolate import Interpolation, Unresolved
from engine.settings.layer import Layer, LayerName
from engine.settings.merge import Keys, Merged, leaves, merge
from engine.settings.permission import permitted
from engine.settings.schema import Settings
from engine.settings.variables import variable_of


@dataclass(frozen=True, slots=True)
class Resolved:
    """`settings` is what code reads. `layers` are as they were written, highest first; `values` worked out.

    What the workspace says of consent is left out: it only tightens. `hidden` are the paths of values that were put
    together from one that is never shown.
    """

    settings: Settings
    layers: Sequence[Layer]
    merged: Merged
    values: Mapping[str, Any]
    hidden: frozenset[Keys]


def resolve(
    layers: Sequence[Layer], environment: Mapping[str, str], facts: Mapping[str, str], now: datetime | None = None
) -> Resolved:
    """Raises `ManifestInvalid` with every problem of every layer.

    `environment` is what `{{ env.NAME }}` reads, `facts` what `{{ workspace.NAME }}` does.
    """
    problems = Problems()
    allowed = [permitted(layer, problems) for layer in layers]
    merged = merge(allowed)
    names = frozenset(_variables_allowed(merged))
    filled = Interpolation(merged, environment, names, facts, now or datetime.now(UTC))
    values = _worked_out(merged, filled, problems)
    settings = _typed(values, merged, problems)
    problems.raise_any("the settings")
    assert settings is not None  # noqa: S101 - a problem was raised otherwise
    return Resolved(settings, layers, merged, values, filled.hidden)


def _variables_allowed(merged: Merged) -> Iterable[str]:
    table: Any = merged.values.get("interpolation")
    named: Any = table.get("variables") if is_mapping(table) else None
    if named is None:
        return Settings().interpolation.variables
    return [each for each in named if isinstance(each, str)] if isinstance(named, list) else ()  # pyright: ignore[reportUnknownVariableType]


def _worked_out(merged: Merged, filled: Interpolation, problems: Problems) -> dict[str, Any]:
    values: dict[str, Any] = {}
    told = set[Problem]()
    for path, _ in leaves(merged.values):
        try:
            value = filled.value(path)
        except Unresolved as unresolved:
            if unresolved.problem not in told:
                told.add(unresolved.problem)
                problems.add(unresolved.problem)
            continue
        below = values
        for key in path[:-1]:
            below = below.setdefault(key, {})
        below[path[-1]] = value
    return values


def _typed(values: dict[str, Any], merged: Merged, problems: Problems) -> Settings | None:
    settings, found = complaints(Settings, values)
    for path, message, hint in found:
        origin = merged.origin(path) or _first_below(merged, path)
        place = origin.place(path) if origin else None
        where = (place.file, place.line, place.column) if place else ("", 0, 0)
        variable = origin is not None and origin.name is LayerName.VARIABLES
        problems.add(Problem(message, hint, *where, address=variable_of(path) if variable else ".".join(path)))
    return settings


def _first_below(merged: Merged, path: Keys) -> Layer | None:
    return next((layer for known, layer in merged.origins.items() if known[: len(path)] == path), None)
