"""Permission: what each layer may say. A workspace may be a copy of somebody else's repository."""

from __future__ import annotations

from typing import Any

from engine.model.errors import Problem
from engine.model.unknown import is_mapping
from engine.model.workspace import WORKSPACE_NAME
from engine.notation.problems import Problems
from engine.settings.complaint import complaints
from engine.settings.consent_rules import NO_OPINION, ConsentRules
from engine.settings.layer import Layer, LayerName
from engine.settings.merge import Keys, leaves
from engine.settings.schema import kind_of, may_say
from engine.settings.variables import variable_of

_FOREIGN = "A workspace can't say this: it may be a copy of somebody else's."
_CONSENT, _NAME = ("consent",), ("name",)


def permitted(layer: Layer, problems: Problems) -> Layer:
    """The layer without what it may not say, which is told, and without what is read apart."""
    if layer.name.is_text and "{{" in str(layer.values.get("environment", "")):
        message = "The environment can't be put together from others: it decides which of them hold."
        problems.add(_problem(layer, ("environment",), message, "Write its name."))
    if layer.name not in (LayerName.WORKSPACE, LayerName.ENVIRONMENT):
        return layer
    kept = dict(layer.values)
    if layer.name is LayerName.WORKSPACE:
        consent_of(layer, problems)
        kept.pop("consent", None)
        kept.pop("schema", None)
        _check_name(layer, kept.pop("name", "unnamed"), problems)
    else:
        _refuse_in_defaults(layer, kept, problems)
    for path, _ in [*leaves(kept)]:
        if kind_of(path) is not None and not may_say(path):
            hint = f"Write it into the home's config.toml, or set {variable_of(path)}."
            problems.add(_problem(layer, path, _FOREIGN, hint))
            kept.pop(path[0], None)
    return Layer(layer.name, kept, layer.source, layer.document)


def consent_of(layer: Layer, problems: Problems) -> ConsentRules:
    """What the workspace's own file says of consent, for its rules to tighten those of the home; they add nothing."""
    if "consent" not in layer.values:
        return NO_OPINION
    stated: Any = layer.values["consent"]
    if not is_mapping(stated):
        problems.add(
            _problem(layer, _CONSENT, "The rules of consent are a table.", "Write [consent] and below it KEY = VALUE.")
        )
        return NO_OPINION
    given = {**NO_OPINION.model_dump(), **stated}
    rules, found = complaints(ConsentRules, given, _CONSENT)
    for path, message, hint in found:
        problems.add(_problem(layer, path, message, hint))
    return rules or NO_OPINION


def _check_name(layer: Layer, name: Any, problems: Problems) -> None:
    if not isinstance(name, str) or not WORKSPACE_NAME.fullmatch(name):
        message = "A workspace's name is up to 39 of a-z, 0-9 and -, beginning with a letter."
        problems.add(_problem(layer, _NAME, message, "Write the name under which it is registered."))


def _refuse_in_defaults(layer: Layer, kept: dict[str, Any], problems: Problems) -> None:
    """What would be of no effect in an environment's defaults, or would decide on which of them hold."""
    for key in ("name", "consent", "environment", "project", "schema"):
        if key in kept:
            del kept[key]
            problems.add(
                _problem(layer, (key,), "An environment's defaults can't say this.", "Write it into workspace.toml.")
            )


def _problem(layer: Layer, path: Keys, message: str, hint: str) -> Problem:
    place = layer.place(path)
    return Problem(message, hint, place.file, place.line, place.column, ".".join(path))
