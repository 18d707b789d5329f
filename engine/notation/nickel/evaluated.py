"""Evaluated: what a Nickel file amounts to, or what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from engine.model.unknown import is_mapping
from engine.notation.document import MOST_DEPTH, Flaw, Unreadable
from engine.notation.nickel.places import Places

# Resources are told apart down to their names: `resources`, type, name.
_ORDERED_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Evaluated:
    """`json` is the value as text, empty where there are flaws; `imports` are the workspace's files that it reads."""

    json: str = ""
    flaws: tuple[Flaw, ...] = ()
    imports: frozenset[str] = frozenset()


def read_nickel(text: str, evaluated: Evaluated) -> tuple[Any, Places]:
    """The data in the order in which the source writes it, and where it stands there.

    Raises `Unreadable` with every flaw.
    """
    if evaluated.flaws:
        raise Unreadable(*evaluated.flaws)
    places = Places(text)
    try:
        data = json.loads(evaluated.json)
    except (RecursionError, ValueError):
        raise Unreadable(Flaw(f"This is nested deeper than {MOST_DEPTH} levels.", "Flatten it.", 1, 1)) from None
    return _ordered(data, places, ()), places


def _ordered(data: Any, places: Places, path: tuple[str, ...]) -> Any:
    """Evaluation sorts keys by name; the order of lines is the one that other notations keep."""
    if not is_mapping(data) or len(path) == _ORDERED_DEPTH:
        return data
    keys = sorted(data, key=lambda key: (*places.rank((*path, key)), key))
    return {key: _ordered(data[key], places, (*path, key)) for key in keys}
