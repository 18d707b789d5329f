"""The settings in force: of the home, and of a workspace in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.model.setting import Setting
from engine.model.workspace import Workspace
from engine.settings.account import setting_of, settings_of
from engine.settings.consent_rules import ConsentRules
from engine.settings.load import SettingsLoader, Wanted
from engine.settings.resolve import Resolved
from engine.settings.schema import Settings


class Configuration:
    """Every method raises `ManifestInvalid` with every problem of every layer."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._loader = SettingsLoader(home, environment)

    def home(self) -> Settings:
        return self._loader.load().settings

    def of(self, place: Workspace) -> Settings:
        return self._resolved(place, "").settings

    def consent(self, place: Workspace | None) -> ConsentRules:
        """What the workspace says of consent, for its rules to tighten those of the home."""
        return self._resolved(place, "").workspace_consent

    def all(self, place: Workspace | None, query: str, environment: str) -> list[Setting]:
        return settings_of(self._resolved(place, environment), query)

    def one(self, place: Workspace | None, key: str, environment: str) -> Setting:
        return setting_of(self._resolved(place, environment), key)

    def _resolved(self, place: Workspace | None, environment: str) -> Resolved:
        return self._loader.load(Wanted(Path(place.path), place.name, environment) if place else None)
