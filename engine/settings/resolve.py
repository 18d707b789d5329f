"""Resolve: from layers to typed settings, with every problem at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from engine.model.errors import Problem
from engine.model.unknown import is_mapping
from engine.notation.problems import Problems
from engine.settings.approvers import OWN_WORDS
from engine.settings.interpolate import Interpolation, Unresolved
from engine.settings.layer import Layer, LayerName
from engine.settings.merge import Keys, Merged, leaves, merge
from engine.settings.schema import Settings, kind_of, kinds, may_say
from engine.settings.variables import variable_of

_LISTED = "`groundplan settings show` lists all."
_FROM_WORKSPACE = (LayerName.WORKSPACE, LayerName.ENVIRONMENT)


@dataclass(frozen=True, slots=True)
class Resolved:
    """`settings` is what code reads. `layers` are as they were written, highest first; `values` worked out."""

    settings: Settings
    layers: Sequence[Layer]
    merged: Merged
    values: Mapping[str, Any]


def resolve(
    layers: Sequence[Layer], environment: Mapping[str, str], facts: Mapping[str, str], now: datetime | None = None
) -> Resolved:
    """Raises `ManifestInvalid` with every problem of every layer.

    `environment` is what `{{ env.NAME }}` reads, `facts` what `{{ workspace.NAME }}` does.
    """
    problems = Problems()
    allowed = [_permitted(layer, problems) for layer in layers]
    merged = merge(allowed)
    names = frozenset(_variables_allowed(merged))
    filled = Interpolation(merged, environment, names, facts, now or datetime.now(UTC))
    values = _worked_out(merged, filled, problems)
    settings = _typed(values, merged, problems)
    problems.raise_any("the settings")
    assert settings is not None  # noqa: S101 - a problem was raised otherwise
    return Resolved(settings, layers, merged, values)


def _permitted(layer: Layer, problems: Problems) -> Layer:
    """Without what this layer may not say. A workspace's consent rules are read apart: they only tighten."""
    if layer.name not in _FROM_WORKSPACE:
        return layer
    kept = {key: value for key, value in layer.values.items() if key not in ("name", "consent", "schema")}
    for path, _ in [*leaves(kept)]:
        if kind_of(path) is not None and not may_say(path):
            place = layer.place(path)
            message = "A workspace can't say this: it may be a copy of somebody else's."
            hint = f"Write it into the home's config.toml, or set {variable_of(path)}."
            problems.add(Problem(message, hint, place.file, place.line, place.column, ".".join(path)))
            kept.pop(path[0], None)
    return Layer(layer.name, kept, layer.source, layer.document)


def _variables_allowed(merged: Merged) -> Iterable[str]:
    table: Any = merged.values.get("interpolation")
    named: Any = table.get("variables") if is_mapping(table) else None
    if named is None:
        return Settings().interpolation.variables
    return [each for each in named if isinstance(each, str)] if isinstance(named, list) else ()  # pyright: ignore[reportUnknownVariableType]


def _worked_out(merged: Merged, filled: Interpolation, problems: Problems) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for path, _ in leaves(merged.values):
        try:
            value = filled.value(path)
        except Unresolved as unresolved:
            problems.add(unresolved.problem)
            continue
        below = values
        for key in path[:-1]:
            below = below.setdefault(key, {})
        below[path[-1]] = value
    return values


def _typed(values: dict[str, Any], merged: Merged, problems: Problems) -> Settings | None:
    try:
        return Settings.model_validate(values)
    except ValidationError as wrong:
        for error in wrong.errors():
            problems.add(_problem(error, merged))
        return None


def _problem(error: ErrorDetails, merged: Merged) -> Problem:
    path: Keys = tuple(str(part) for part in error["loc"])
    origin = merged.origin(path) or _first_below(merged, path)
    place = origin.place(path) if origin else None
    message, hint = _words(error, path)
    where = (place.file, place.line, place.column) if place else ("", 0, 0)
    variable = origin is not None and origin.name is LayerName.VARIABLES
    return Problem(message, hint, *where, address=variable_of(path) if variable else ".".join(path))


def _first_below(merged: Merged, path: Keys) -> Layer | None:
    return next((layer for known, layer in merged.origins.items() if known[: len(path)] == path), None)


def _words(error: ErrorDetails, path: Keys) -> tuple[str, str]:
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(".".join(path), [kind.key for kind in kinds().values()], 1, 0.6)
        depth = len(path) - 1
        others = [kind.path[depth] for kind in kinds().values() if kind.path[:depth] == path[:-1]]
        near = near or difflib.get_close_matches(path[-1], others, 1, 0.6)
        return "There is no such setting.", f"Did you mean {near[0]}?" if near else _LISTED
    if error["type"] == OWN_WORDS:
        return error["msg"], str(error.get("ctx", {}).get("hint", ""))
    kind = kind_of(path)
    expected = ", ".join(filter(None, (kind.type, kind.rules, kind.unit))) if kind else ""
    return f"{error['msg']}.", f"It takes: {expected}." if expected else ""
