"""Properties of a resource, checked by its type and brought into normal form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from engine.manifest.entry import Entry
from engine.manifest.facts import FACTS
from engine.model.errors import Invalid
from engine.model.resource_type import Property, ResourceType
from engine.model.unknown import lift, unknowns
from engine.notation.nodes import Path
from engine.notation.problems import Problems, quoted

_WHOLE = re.compile(r"\$\$\{|\$\{[^{}]*\}")
_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")
_EXPECTED = re.compile(r"'([^']*)'")


def read_properties(entry: Entry, kind: ResourceType, problems: Problems) -> dict[str, Any]:
    """Values in normal form, those that hold references as they are; what is wrong is reported and left out."""
    before = len(problems)
    found: dict[str, Any] = {}
    for name, value in entry.body.items():
        if name in FACTS or value is None:
            continue
        field = kind.inputs.get(name)
        if field is None:
            _report_name(entry, name, kind, problems)
        else:
            _read_one(entry, field, value, found, problems)
    for name, field in kind.inputs.items():
        if field.required and entry.body.get(name) is None:
            entry.report(problems, (), f"{name} is missing.", f"{name}: {field.description}")
    if len(problems) == before:
        for path, wrong in kind.model.conflicts(found):
            entry.report(problems, _steps(path), f"{path}: {wrong}.")
    return found


def _read_one(entry: Entry, field: Property, value: Any, found: dict[str, Any], problems: Problems) -> None:
    before = len(problems)
    lifted = _lifted(entry, value, (field.name,), problems) if _has_dollar(value) else value
    if len(problems) > before:
        return
    if field.secret and any(True for _ in unknowns(lifted)):
        hint = "Write secret://NAME, a secret of the workspace."
        entry.report(problems, (field.name,), f"{field.name} is a secret; a reference can't stand there.", hint)
        return
    try:
        found[field.name] = field.normal(lifted)
    except ValidationError as wrong:
        for error in wrong.errors(include_url=False, include_context=True):
            _report_value(entry, field, error, problems)


def _report_name(entry: Entry, name: str, kind: ResourceType, problems: Problems) -> None:
    if name in kind.properties:
        hint = f"Take it out; others read it as ${{{entry.address}.{name}}}."
        entry.report(problems, (name,), f"{name} is set by the provider.", hint)
        return
    hint = problems.nearest(name, [*kind.inputs, *FACTS], f"{kind.name} has")
    entry.report(problems, (name,), f"{kind.name} has no property {quoted(name)} with {entry.provider}.", hint)


def _report_value(entry: Entry, field: Property, error: ErrorDetails, problems: Problems) -> None:
    inner = tuple(step for step in error["loc"] if isinstance(step, int) or _is_key(step))
    path: Path = (field.name, *inner)
    label = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)[1:]
    if field.secret:
        entry.report(problems, path, f"{label} takes a reference to a secret, never its value.", "Write secret://NAME.")
        return
    entry.report(problems, path, *_words(label, field, error, problems))


def _words(label: str, field: Property, error: ErrorDetails, problems: Problems) -> tuple[str, str]:
    kind, given = error["type"], error["input"]
    last = str(error["loc"][-1]) if error["loc"] else field.name
    if kind == "literal_error":
        choices = _EXPECTED.findall(str(error.get("ctx", {}).get("expected", "")))
        return f"{label} can't be {quoted(given)}.", problems.nearest(str(given)[:60], choices, "It takes")
    if kind == "extra_forbidden":
        known = _keys(field)
        return f"{label} is not known.", problems.nearest(last, known, f"{field.name} has")
    if kind == "missing":
        return f"{label} is missing.", f"{field.name}: {field.description}"
    if kind == "string_type" and isinstance(given, int | float) and not isinstance(given, bool):
        return f"{label} takes text, not the number {quoted(given)}.", f'Put it in quotes: "{given}".'
    if kind == "string_type" and isinstance(given, bool):
        return f"{label} takes text, not {str(given).lower()}.", f'Put it in quotes: "{str(given).lower()}".'
    said = error["msg"].removeprefix("Value error, ").removeprefix("Input ").rstrip(".")
    return f"{label} can't be {quoted(given)}: {said}.", f"{field.name}: {field.description}"


def _keys(field: Property) -> list[str]:
    """Every key that the field's nested models know."""
    schema = field.adapter.json_schema()
    models = [*schema.get("$defs", {}).values(), schema]
    return [key for model in models for key in model.get("properties", {})]


def _is_key(step: str) -> bool:
    """Union members appear in pydantic's locations beside keys; they are no keys."""
    return re.fullmatch(r"[a-z][a-z0-9_]*", step) is not None and step not in ("str", "int", "float", "bool")


def _has_dollar(value: Any) -> bool:
    if isinstance(value, str):
        return "${" in value
    if isinstance(value, dict):
        return any(_has_dollar(item) for item in cast(Mapping[str, Any], value).values())
    return isinstance(value, list) and any(_has_dollar(item) for item in cast(list[Any], value))


def _lifted(entry: Entry, value: Any, path: Path, problems: Problems) -> Any:
    """Like `lift`, with each malformed reference reported at its own place."""
    if isinstance(value, dict):
        return {
            key: _lifted(entry, item, (*path, key), problems) for key, item in cast(Mapping[str, Any], value).items()
        }
    if isinstance(value, list):
        return [_lifted(entry, item, (*path, number), problems) for number, item in enumerate(cast(list[Any], value))]
    if not isinstance(value, str):
        return value
    if "${" in _WHOLE.sub("", value):
        entry.report(
            problems, path, "A reference is not closed.", "Write ${type.name.property}, or $${ for a plain ${."
        )
        return value
    try:
        return lift(value)
    except Invalid as wrong:
        entry.report(problems, path, wrong.message, f"{wrong.hint} For a plain ${{ write $${{.")
        return value


def texts_with_references(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every Unknown inside a value, with its path."""
    if isinstance(value, dict):
        for key, item in cast(Mapping[str, Any], value).items():
            yield from texts_with_references(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(cast(list[Any], value)):
            yield from texts_with_references(item, (*path, number))
    else:
        for unknown in unknowns(value):
            yield path, unknown


def _steps(path: str) -> Path:
    """`rules[0].ports` -> ("rules", 0, "ports")."""
    return tuple(int(index) if index else key for key, index in _STEP.findall(path))
