"""A home and a workspace's folder to write settings into."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.model.errors import ManifestInvalid
from engine.notation.nickel import LIMITS, Limits
from engine.settings.load import SettingsLoader, Wanted
from engine.settings.resolve import Resolved


class Place:
    def __init__(self, root: Path) -> None:
        self.home, self.folder = root / "home", root / "shop"
        self.home.mkdir()
        (self.folder / "settings").mkdir(parents=True)

    def path(self, file: str) -> Path:
        return (self.home if file == "config.toml" else self.folder) / file

    def write(self, file: str, text: str | bytes) -> Path:
        path = self.path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def load(
        self,
        variables: Mapping[str, str] | None = None,
        limits: Limits = LIMITS,
        environment: str = "",
        **arguments: Any,
    ) -> Resolved:
        wanted = Wanted(self.folder, "shop", environment, arguments)
        return SettingsLoader(self.home, variables or {}, limits).load(wanted)

    def refused(
        self,
        variables: Mapping[str, str] | None = None,
        limits: Limits = LIMITS,
        environment: str = "",
        **arguments: Any,
    ) -> list[str]:
        """What is told of it, with ~ for the home."""
        with pytest.raises(ManifestInvalid) as refusal:
            self.load(variables, limits, environment, **arguments)
        return [str(each).replace(str(self.home), "~") for each in refusal.value.problems]
