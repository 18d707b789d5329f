"""What Local takes as a wish: known properties in normal form, names and labels that Docker keeps unharmed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from engine.model.errors import PropertiesInvalid
from engine.model.resource import Observed
from engine.model.resource_type import ResourceType
from engine.model.unknown import unknowns
from engine.providers.contract import Wish
from engine.providers.local.schema import TYPES

_HOSTNAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?")
_LONGEST_NAME, _LONGEST_LABEL, _MOST_LABELS = 128, 1024, 64


def kind_of(type: str) -> ResourceType:
    """Raises `PropertiesInvalid` for a type that Local does not cover."""
    if type not in TYPES:
        raise PropertiesInvalid(f"Local has no type {type[:40]!r}.", hint=_nearest(type, TYPES))
    return TYPES[type]


def checked(wish: Wish) -> Wish:
    """The wish with every default filled in; what is left out and has none stays out.

    Raises `PropertiesInvalid` with everything that is wrong, before anything is made.
    """
    kind = kind_of(wish.type)
    wrong = [*_wrong_name(wish), *_wrong_labels(wish.labels)]
    properties, unfit = _normal(kind, wish.properties)
    wrong += unfit or [f"{name}: {text}" for name, text in kind.model.conflicts(properties)]
    if wrong:
        raise PropertiesInvalid(f"Local refuses this {wish.type}: {'; '.join(wrong)}.")
    return replace(wish, properties=properties)


def refuse_replacement(seen: Observed, wish: Wish) -> None:
    """Raises `PropertiesInvalid` where the living object can't become what is wished."""
    kind = kind_of(wish.type)
    for name in kind.inputs:
        before, after = seen.properties.get(name), wish.properties.get(name)
        if before != after and kind.forces_replace(name, before, after):
            raise PropertiesInvalid(
                f"{name} of {seen.id} can't change from {before!r:.60} to {after!r:.60}.",
                hint="Plan again: the plan has to replace the object.",
            )


def reported(seen: Observed) -> Observed:
    """With None for every input that is not set: what is not mentioned would count as unchanged."""
    return replace(seen, properties={**dict.fromkeys(kind_of(seen.type).inputs), **seen.properties})


def is_plain(text: str) -> bool:
    """Neither control characters nor halves of surrogate pairs, which no label keeps."""
    return not any(unicodedata.category(character) in ("Cc", "Cs") for character in text)


def _normal(kind: ResourceType, properties: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    wrong = [
        f"{name}: no such property. {_nearest(name, kind.inputs)}" for name in properties.keys() - kind.inputs.keys()
    ]
    found: dict[str, Any] = {}
    for name, field in kind.inputs.items():
        value = field.default if properties.get(name) is None else properties[name]
        if value is None:
            wrong += [f"{name}: it is required"] if field.required else []
        elif any(True for _ in unknowns(value)):
            wrong.append(f"{name}: it holds a reference that has no value yet")
        else:
            try:
                found[name] = field.normal(value)
            except ValidationError as refused:
                wrong += [f"{name}: {error['msg']}" for error in refused.errors(include_input=False)]
    return found, wrong


def _wrong_name(wish: Wish) -> list[str]:
    if wish.type == "server":
        return [] if _HOSTNAME.fullmatch(wish.name) else ["a server's name is a host name: letters, digits, - and ."]
    fits = 0 < len(wish.name) <= _LONGEST_NAME and is_plain(wish.name)
    return [] if fits else [f"a name has 1 to {_LONGEST_NAME} characters and no control characters"]


def _wrong_labels(labels: Mapping[str, str]) -> list[str]:
    wrong = [f"there are {len(labels)} labels, and {_MOST_LABELS} are the most"] if len(labels) > _MOST_LABELS else []
    for name, text in labels.items():
        if not (0 < len(name) <= _LONGEST_NAME and len(text) <= _LONGEST_LABEL and is_plain(name) and is_plain(text)):
            wrong.append(f"label {name[:40]!a} is too long, empty, or has control characters")
    return wrong


def _nearest(word: str, known: Mapping[str, Any]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"Known are {', '.join(known)}."
