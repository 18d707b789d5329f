"""What Demo takes as a wish: known properties, whole values, names and labels it can keep unharmed."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import ValidationError

from engine.model.errors import PropertiesInvalid
from engine.model.resource_type import ResourceType
from engine.model.unknown import unknowns
from engine.providers.demo.offers import OFFERS
from engine.providers.demo.sizes import nearest

LONGEST_NAME = 128
LONGEST_LABEL = 1024
MOST_LABELS = 64


def offer_of(type: str) -> ResourceType:
    """Raises `PropertiesInvalid` for a type Demo doesn't have."""
    if type not in OFFERS:
        raise PropertiesInvalid(f"Demo has no type {type!r:.60}; {nearest(type, OFFERS)}")
    return OFFERS[type]


def checked_properties(type: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs in normal form with defaults filled in; what is left out and has none stays out.

    Raises `PropertiesInvalid` with everything that is wrong.
    """
    offer = offer_of(type)
    unknown = properties.keys() - offer.inputs.keys()
    wrong = [f"{name!r:.60}: no such property; {nearest(name, offer.inputs)}" for name in sorted(unknown)]
    inputs: dict[str, Any] = {}
    for name, field in offer.inputs.items():
        value = properties.get(name)
        if value is None:
            value = field.default
        if value is None:
            wrong += [f"{name}: it is required"] if field.required else []
            continue
        try:
            inputs[name] = field.normal(value)
        except ValidationError as refused:
            wrong += [f"{name}: {error['msg']}" for error in refused.errors(include_input=False)]
        if any(True for _ in unknowns(value)):
            wrong.append(f"{name}: it holds a reference that has no value yet")
    wrong += [f"{name}: {text}" for name, text in ([] if wrong else offer.model.conflicts(inputs))]
    if wrong:
        raise PropertiesInvalid(f"Demo refuses this {type}: {'; '.join(wrong)}.")
    return inputs


def checked_name(name: str) -> str:
    if not name or len(name) > LONGEST_NAME or not is_plain(name):
        raise PropertiesInvalid(
            f"A name has 1 to {LONGEST_NAME} characters and no control characters; this one has {len(name)}.",
            hint="Choose another name and plan again.",
        )
    return name


def checked_labels(labels: Mapping[str, str]) -> dict[str, str]:
    for key, value in labels.items():
        if not key or len(key) > LONGEST_NAME or len(value) > LONGEST_LABEL or not (is_plain(key) and is_plain(value)):
            raise PropertiesInvalid(
                f"Label {key[:40]!a}: a key has up to {LONGEST_NAME}, a value up to {LONGEST_LABEL} characters, "
                "without control characters.",
                hint="Shorten the label and plan again.",
            )
    if len(labels) > MOST_LABELS:
        raise PropertiesInvalid(f"{len(labels)} labels; an object has up to {MOST_LABELS}.", hint="Remove some labels.")
    return dict(labels)


def is_plain(text: str) -> bool:
    """Whether the text has neither control characters nor halves of surrogate pairs, which no file keeps."""
    return text.isprintable() or all(unicodedata.category(letter) not in ("Cc", "Cs") for letter in text)


@cache
def unset_inputs(type: str) -> dict[str, None]:
    return dict.fromkeys(OFFERS[type].inputs)


@cache
def references_of(type: str) -> tuple[tuple[str, str], ...]:
    """The type's properties that name other objects, each with the type it should name."""
    return tuple((name, field.refers) for name, field in OFFERS[type].inputs.items() if field.refers)
