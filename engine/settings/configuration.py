"""The settings in force: of the home, and of a workspace in it; and what they would be with changes made."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.model.errors import Invalid
from engine.model.request import PlanSettings
from engine.model.setting import CompletedSetting, Setting, SettingsCheck
from engine.model.workspace import Workspace
from engine.notation.problems import Problems
from engine.settings.account import setting_of, settings_of
from engine.settings.asked import asked_changes
from engine.settings.check import check_given
from engine.settings.closed import holds_password, is_closed
from engine.settings.complete import complete_given
from engine.settings.consent_rules import NO_OPINION, ConsentRules
from engine.settings.edit import edited
from engine.settings.files import settings_text
from engine.settings.layer import Layer, LayerName
from engine.settings.load import SettingsLoader, Wanted
from engine.settings.merge import leaves
from engine.settings.rehearsal import LayerEdit, Rehearsal
from engine.settings.resolve import Resolved
from engine.settings.schema import Settings
from engine.settings.target import Target, targets
from engine.settings.workspace import ENVIRONMENT_NAME


class Configuration:
    """Every method raises `ManifestInvalid` with every problem of every layer."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._home = home
        self._loader = SettingsLoader(home, environment)

    def home(self) -> Settings:
        return self._loader.load().settings

    def of(self, place: Workspace) -> Settings:
        return self._resolved(place, "").settings

    def consent(self, place: Workspace | None) -> ConsentRules:
        """What the workspace says of consent, for its rules to tighten those of the home."""
        return self._loader.consent(Path(place.path)) if place else NO_OPINION

    def all(self, place: Workspace | None, query: str, environment: str) -> list[Setting]:
        return settings_of(self._resolved(place, environment), query)

    def one(self, place: Workspace | None, key: str, environment: str) -> Setting:
        return setting_of(self._resolved(place, environment), key)

    def rehearse(self, place: Workspace | None, request: PlanSettings) -> Rehearsal:
        """Nothing is written. Raises `Invalid` or `Refused` too, where a change can't be made."""
        if request.environment and not re.fullmatch(ENVIRONMENT_NAME, request.environment):
            named = request.environment[:60]
            raise Invalid(f"{named!r} is no name for an environment.", hint="Such as dev, staging or prod.")
        changes = asked_changes(request.changes)
        before = self._resolved(place, request.environment)
        folder = Path(place.path) if place else None
        found = targets(changes, request.layer, self._home, folder, before.settings.environment)
        edits = tuple(_edit(target, of) for target, of in found.items())
        instead = {each.target.path: each.after for each in edits if each.after != (each.before or "")}
        after = self._resolved(place, request.environment, instead)
        return Rehearsal(edits, _by_key(before), _by_key(after), _closed(before) | _closed(after))

    def check(self, place: Workspace | None, given: Mapping[str, Any]) -> SettingsCheck:
        """Every problem that a configuration would have here, on top of what the files say."""
        return check_given(given, lambda values: self._with(place, values))

    def complete(
        self, place: Workspace | None, given: Mapping[str, Any], providers: Collection[str]
    ) -> list[CompletedSetting]:
        """A whole configuration out of a part of one. `providers` are those that the workspace uses."""
        folder = Path(place.path) if place else None
        return complete_given(given, folder, providers, lambda values: self._with(place, values))

    def _with(self, place: Workspace | None, given: Mapping[str, Any]) -> Resolved:
        """As if these were arguments, which are never read as templates."""
        where = Wanted(Path(place.path), place.name) if place else Wanted()
        return self._loader.load(replace(where, arguments=given))

    def _resolved(
        self, place: Workspace | None, environment: str, instead: Mapping[Path, str] | None = None
    ) -> Resolved:
        wanted = Wanted(Path(place.path), place.name, environment) if place else Wanted()
        return self._loader.load(replace(wanted, instead=instead) if instead else wanted)


def _edit(target: Target, changes: Mapping[tuple[str, ...], Any]) -> LayerEdit:
    problems = Problems()
    inside = None if target.layer is LayerName.HOME else target.root
    before = settings_text(target.path, target.file, problems, inside)
    problems.raise_any("the settings")
    return LayerEdit(target, before, edited(before or "", target.file, changes), changes)


def _by_key(resolved: Resolved) -> dict[str, Setting]:
    return {each.key: each for each in settings_of(resolved)}


def _closed(resolved: Resolved) -> frozenset[LayerName]:
    return frozenset(layer.name for layer in resolved.layers if _holds_closed(layer))


def _holds_closed(layer: Layer) -> bool:
    return any((value and is_closed(path)) or holds_password(value) for path, value in leaves(layer.values))
