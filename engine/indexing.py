"""What the home says about its knowledge index: a door that only searches needs no engine for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.model.errors import AuthFailed
from engine.secrets.store import SecretStore
from engine.settings.index import IndexSettings
from engine.settings.load import SettingsLoader
from engine.settings.secret_setting import ENVIRONMENT

# No workspace can be called so: its names begin with a letter.
_SECRETS = "_index"


def index_settings(home: Path, environment: Mapping[str, str]) -> IndexSettings:
    """The home's `index` settings. Raises `ManifestInvalid`."""
    return SettingsLoader(home, environment).load().settings.index


def embedder_key(settings: IndexSettings, home: Path, environment: Mapping[str, str]) -> str:
    """The value that `embedder_key` points at; empty where it is not set. Raises `AuthFailed` when it is not there."""
    named = settings.embedder_key
    if not named:
        return ""
    if not named.startswith(ENVIRONMENT):
        return SecretStore(home, _SECRETS).value(named)
    name = named.removeprefix(ENVIRONMENT)
    if not environment.get(name):
        raise AuthFailed(
            f"the environment variable {name} is not set.",
            hint="It holds the key of the embedder; set it, or name a secret under [index] in the home's config.toml.",
        )
    return environment[name]
