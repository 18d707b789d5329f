"""A setting's value as a person reads it."""

from __future__ import annotations

from typing import Any

from engine.model.setting import CompletedSetting, Setting
from engine.model.unknown import is_list
from server.cli.wire import json_text


def told(setting: Setting | CompletedSetting | None) -> str:
    """A value as a person reads it."""
    if setting is None:
        return ""
    return "set (not shown)" if setting.is_hidden else value_text(setting.value)


def value_text(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "not set"
    if isinstance(value, float):
        return f"{value:g}"
    if is_list(value):
        return ", ".join(map(value_text, value))
    return value if isinstance(value, str) else json_text(value)
