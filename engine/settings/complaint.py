"""Complaint: what is wrong with values of settings, in words that repeat none of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.settings.approvers import OWN_WORDS
from engine.settings.merge import Keys
from engine.settings.schema import kind_of, kinds

_LISTED = "`groundplan settings show` lists all."
_WORDS = {
    "string_type": "This is no text", "string_too_long": "This text is too long",
    "string_too_short": "This text is too short", "string_pattern_mismatch": "This is not in its form",
    "dict_type": "This is no table", "model_type": "This is no table", "tuple_type": "This is no list",
    "float_type": "This is no number", "float_parsing": "This is no number", "int_type": "This is no whole number",
    "int_parsing": "This is no whole number", "int_from_float": "This is no whole number",
    "bool_type": "This is neither true nor false", "bool_parsing": "This is neither true nor false",
    "enum": "This is none of the choices", "greater_than_equal": "This is too small",
    "greater_than": "This is too small", "less_than_equal": "This is too large", "less_than": "This is too large",
}  # fmt: skip
_MOST_HINTS = 20
_NAME = "It takes: up to 63 letters, digits, _ and -, beginning with a letter or _."
M = TypeVar("M", bound=BaseModel)
Complaint = tuple[Keys, str, str]


def complaints(model: type[M], values: Mapping[str, Any], above: Keys = ()) -> tuple[M | None, list[Complaint]]:
    """The values as the model; or for each that is wrong its path, what is wrong, and the remedy."""
    found = list(_flags_for_numbers(values, above))
    try:
        typed = model.model_validate(values)
    except ValidationError as wrong:
        found += _told(wrong, above)
        return None, found
    return None if found else typed, found


def _flags_for_numbers(values: Mapping[str, Any], above: Keys) -> Iterator[Complaint]:
    """True and false would be taken for 1 and 0."""
    for path, kind in kinds().items():
        value: Any = values
        for key in path[len(above) :] if path[: len(above)] == above else ():
            value = value.get(key) if isinstance(value, Mapping) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        if isinstance(value, bool) and "number" in kind.type:
            yield path, f"{_WORDS['float_type']}.", _takes(path)


def _told(wrong: ValidationError, above: Keys) -> Iterator[Complaint]:
    """One for each setting: what is wrong in a list is told of the list."""
    told = set[Keys]()
    for error in wrong.errors(include_url=False, include_input=False):
        path = (*above, *map(str, error["loc"]))
        kind = kind_of(path)
        whole = kind.path if kind and kind.type.startswith("list") else path
        if whole not in told:
            told.add(whole)
            yield _words(error, whole, suggests=len(told) <= _MOST_HINTS)


def _words(error: ErrorDetails, path: Keys, *, suggests: bool) -> Complaint:
    if error["type"] == "extra_forbidden":
        return path, "There is no such setting.", _near(path) if suggests else _LISTED
    if error["type"] == OWN_WORDS:
        return path, error["msg"], str(error.get("ctx", {}).get("hint", ""))
    if path[-1] == "[key]":
        return path[:-1], "A value can't have this name.", _NAME
    return path, f"{_WORDS.get(error['type'], error['msg'])}.", _takes(path)


def _takes(path: Keys) -> str:
    kind = kind_of(path)
    below = [each for each in kinds().values() if each.path[: len(path)] == path]
    if kind is None:
        return f"It takes: a table of {', '.join(each.path[-1] for each in below)}." if below else ""
    return f"It takes: {', '.join(filter(None, (kind.type, kind.rules, kind.unit)))}."


def _near(path: Keys) -> str:
    near = difflib.get_close_matches(".".join(path), [kind.key for kind in kinds().values()], 1, 0.6)
    depth = len(path) - 1
    others = [
        kind.path[depth] for kind in kinds().values() if len(kind.path) > depth and kind.path[:depth] == path[:-1]
    ]
    near = near or difflib.get_close_matches(path[-1], others, 1, 0.6)
    return f"Did you mean {near[0]}?" if near else _LISTED
