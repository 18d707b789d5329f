"""Setting: one setting's value, where it is from, and what else is said of it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from engine.model.errors import Problem


class LayerValue(BaseModel):
    """What one layer says, as it is written there; line counts from 1, 0 where there is none."""

    model_config = ConfigDict(frozen=True)

    layer: str
    value: Any
    source: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        """Such as `workspace.toml:3`; the layer's name where it is no file."""
        if not self.source:
            return self.layer
        return f"{self.source}:{self.line}" if self.line else self.source


class CompletedSetting(BaseModel):
    """A setting of a whole configuration, and why it has this value: given, from a layer, inferred or built in."""

    model_config = ConfigDict(frozen=True)

    key: str
    value: Any
    reason: str
    is_hidden: bool = False


class SettingsCheck(BaseModel):
    """What is wrong with a configuration. `home_only` are keys in it that a workspace's files can't say."""

    model_config = ConfigDict(frozen=True)

    problems: tuple[Problem, ...] = ()
    home_only: tuple[str, ...] = ()


class Setting(BaseModel):
    """`layers` are those that say something, highest first: the first one holds.

    `value` is worked out, and None where it may hold a password; then `is_hidden`. `variable` is the environment
    variable that would set it; `since` the version that had the setting first.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    value: Any
    is_hidden: bool = False
    description: str = ""
    type: str = ""
    rules: str = ""
    unit: str = ""
    default: Any = None
    by_workspace: bool = False
    since: str = ""
    variable: str = ""
    layers: tuple[LayerValue, ...] = ()

    @property
    def holds(self) -> LayerValue:
        return self.layers[0]
