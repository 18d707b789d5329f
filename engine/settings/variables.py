"""Settings from the process's environment: GROUNDPLAN_WORKER__LEASE_SECONDS is `worker.lease_seconds`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.model.unknown import is_mapping
from engine.settings.layer import Layer, LayerName

PREFIX = "GROUNDPLAN_"
APART = "__"
# Where things are and how tests run, which no file could say.
_OTHERS = frozenset({"HOME", "WORKSPACE", "CI_CACHE", "WRITE_GOLDEN"})
_TESTS = "TEST_"


def variables_layer(environment: Mapping[str, str]) -> Layer:
    values: dict[str, Any] = {}
    for name in sorted(environment):
        rest = name.removeprefix(PREFIX)
        if rest == name or rest in _OTHERS or rest.startswith(_TESTS):
            continue
        _put(values, [part.lower() for part in rest.split(APART)], _read(environment[name]))
    return Layer(LayerName.VARIABLES, values, "the process's environment")


def variable_of(path: tuple[str, ...]) -> str:
    return PREFIX + APART.join(part.upper() for part in path)


def _put(values: dict[str, Any], path: list[str], value: Any) -> None:
    """The first of two that don't go together stands, so that the other is an unknown setting and told as such."""
    for part in path[:-1]:
        below = values.setdefault(part, {})
        if not is_mapping(below):
            return
        values = below
    values.setdefault(path[-1], value)


def _read(text: str) -> Any:
    """Lists and tables are written as JSON; everything else is text, which its setting's type makes sense of."""
    if text[:1] in "[{" and text:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text
