"""Targets: the files that hold settings, and which of them a change is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from engine.model.errors import Invalid, Refused
from engine.settings.files import DEFAULTS_FOLDER, WORKSPACE_FILE, defaults_files
from engine.settings.home import CONFIG_FILE
from engine.settings.layer import LayerName
from engine.settings.merge import Keys
from engine.settings.schema import may_say

LayerWanted = Literal["", "workspace", "environment", "home"]


@dataclass(frozen=True, slots=True)
class Target:
    """`root` is the folder that the file belongs into, `file` its path from there."""

    layer: LayerName
    root: Path
    file: str

    @property
    def path(self) -> Path:
        return self.root / self.file


def targets(
    changes: Mapping[Keys, Any], wanted: LayerWanted, home: Path, folder: Path | None, environment: str
) -> dict[Target, dict[Keys, Any]]:
    """Each file with its part of the changes. Raises `Invalid` or `Refused` where there is no such file to write."""
    found: dict[Target, dict[Keys, Any]] = {}
    for path, value in changes.items():
        layer = wanted or ("workspace" if folder is not None and may_say(path) else "home")
        found.setdefault(_target(layer, home, folder, environment), {})[path] = value
    return found


def _target(layer: str, home: Path, folder: Path | None, environment: str) -> Target:
    if layer == "home":
        return Target(LayerName.HOME, home, CONFIG_FILE)
    if folder is None:
        raise Invalid("no workspace is active whose settings could be changed.", hint="Name one, or the layer home.")
    if layer == "workspace":
        return Target(LayerName.WORKSPACE, folder, WORKSPACE_FILE)
    if not environment:
        raise Invalid("the workspace is in no environment.", hint="Name one, or the layer workspace.")
    return Target(LayerName.ENVIRONMENT, folder, _defaults_file(folder, environment))


def _defaults_file(folder: Path, environment: str) -> str:
    """The one that is there; else a TOML file to be made."""
    candidates = list(defaults_files(folder, environment))
    there = next((each for each in candidates if each.exists()), candidates[0])
    if there.suffix == ".ncl":
        raise Refused(f"{DEFAULTS_FOLDER}/{there.name} is a program.", hint="Change it by hand.")
    return f"{DEFAULTS_FOLDER}/{there.name}"
