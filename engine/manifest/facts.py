"""What a resource says beside its properties: count, names, depends_on, labels, lifecycle."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from engine.manifest.entry import Entry
from engine.model.address import KEY, Address, parse_address
from engine.model.errors import Invalid
from engine.model.resource import Lifecycle
from engine.notation.problems import Problems, quoted

FACTS = ("provider", "count", "names", "depends_on", "labels", "lifecycle")
MOST_INSTANCES = 10_000
MOST_LABELS = 64
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?")
_RESERVED = re.compile(r"groundplan(?![a-z0-9])", re.IGNORECASE)
_LONGEST_LABEL = 255
_ORDERS = ("delete_first", "create_first")


@dataclass(frozen=True, slots=True)
class Facts:
    count: int | None
    names: tuple[str, ...] | None
    depends_on: tuple[Address, ...]
    labels: dict[str, str]
    lifecycle: Lifecycle


def read_facts(entry: Entry, problems: Problems) -> Facts:
    """What is wrong is reported and left out."""
    body = entry.body
    if body.get("count") is not None and body.get("names") is not None:
        entry.report(
            problems, ("names",), "count and names exclude each other.", "Keep names where identities matter, or count."
        )
    return Facts(
        count=_count(entry, body.get("count"), problems),
        names=_names(entry, body.get("names"), problems),
        depends_on=_depends_on(entry, body.get("depends_on"), problems),
        labels=_labels(entry, body.get("labels"), problems),
        lifecycle=_lifecycle(entry, body.get("lifecycle"), problems),
    )


def _count(entry: Entry, value: Any, problems: Problems) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_INSTANCES:
        hint = f"Write a whole number from 0 to {MOST_INSTANCES:,}."
        entry.report(problems, ("count",), f"count can't be {quoted(value)}.", hint)
        return None
    return value


def _names(entry: Entry, value: Any, problems: Problems) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        entry.report(problems, ("names",), "names takes a list.", "Such as names: [a, b].")
        return None
    names: dict[str, None] = {}
    for number, name in enumerate(cast(list[Any], value)):
        if not isinstance(name, str) or not KEY.fullmatch(name):
            hint = (
                f'Put it in quotes: "{name}".' if isinstance(name, int) else "Names are letters, digits, dots, _ and -."
            )
            entry.report(problems, ("names", number), f"{quoted(name)} can't be one of names.", hint)
        elif name in names:
            entry.report(problems, ("names", number), f"{quoted(name)} is in names twice.", "Keep one of them.")
        else:
            names[name] = None
    if len(names) > MOST_INSTANCES:
        entry.report(
            problems,
            ("names",),
            f"There are {len(names):,} names; {MOST_INSTANCES:,} are the limit.",
            "Split the resource.",
        )
    return tuple(names)


def _depends_on(entry: Entry, value: Any, problems: Problems) -> tuple[Address, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        entry.report(
            problems, ("depends_on",), "depends_on takes a list of addresses.", "Such as depends_on: [volume.data]."
        )
        return ()
    found: dict[Address, None] = {}
    for number, text in enumerate(cast(list[Any], value)):
        try:
            found[parse_address(text if isinstance(text, str) else quoted(text))] = None
        except Invalid as wrong:
            plain = isinstance(text, str) and "${" in text
            hint = "depends_on takes plain addresses, without ${…} and property." if plain else wrong.hint
            entry.report(problems, ("depends_on", number), wrong.message, hint)
    return tuple(found)


def _labels(entry: Entry, value: Any, problems: Problems) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        entry.report(problems, ("labels",), "labels takes a mapping of texts.", "Such as labels: {tier: front}.")
        return {}
    given = {key: text for key, text in cast(Mapping[str, Any], value).items() if text is not None}
    if len(given) > MOST_LABELS:
        entry.report(
            problems, ("labels",), f"There are {len(given)} labels; {MOST_LABELS} are the limit.", "Take some out."
        )
    for key, text in given.items():
        wrong = _wrong_label(key, text)
        if wrong:
            entry.report(problems, ("labels", key), *wrong)
    return given


def _wrong_label(key: str, text: Any) -> tuple[str, str] | None:
    if not _LABEL.fullmatch(key):
        return f"{quoted(key)} can't be a label.", "Labels are up to 63 letters, digits, dots, _, / and -."
    if _RESERVED.match(key):
        return f"The label {quoted(key)} is kept for the engine.", "Choose a name that does not begin with groundplan."
    if not isinstance(text, str):
        return f"The label {key} is no text.", f'Put it in quotes: "{str(text)[:60]}".' if isinstance(
            text, int | float
        ) else ""
    if len(text) > _LONGEST_LABEL or "\n" in text or "\t" in text:
        return f"The label {key} is not one line of up to {_LONGEST_LABEL} characters.", "Shorten it."
    if "${" in text:
        return f"The label {key} holds a reference.", "Labels are plain text; write the value."
    return None


def _lifecycle(entry: Entry, value: Any, problems: Problems) -> Lifecycle:
    if value is None:
        return Lifecycle()
    if not isinstance(value, dict):
        entry.report(
            problems, ("lifecycle",), "lifecycle takes a mapping.", "Such as lifecycle: {prevent_destroy: true}."
        )
        return Lifecycle()
    given = cast(Mapping[str, Any], value)
    known = ("prevent_destroy", "replace")
    for key in given.keys() - set(known):
        hint = problems.nearest(key, known, "It has the keys")
        entry.report(problems, ("lifecycle", key), f"{quoted(key)} is no key of lifecycle.", hint)
    prevent, replace = given.get("prevent_destroy"), given.get("replace")
    if not isinstance(prevent, bool | None):
        entry.report(
            problems,
            ("lifecycle", "prevent_destroy"),
            f"prevent_destroy can't be {quoted(prevent)}.",
            "Write true or false.",
        )
    if replace is not None and (not isinstance(replace, str) or replace not in _ORDERS):
        hint = problems.nearest(str(replace)[:60], _ORDERS, "It takes")
        entry.report(problems, ("lifecycle", "replace"), f"replace can't be {quoted(replace)}.", hint)
    return Lifecycle(prevent is True, "create_first" if replace == "create_first" else "delete_first")
