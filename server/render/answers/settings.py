"""Settings with where they are from, as an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from engine.model.setting import Setting
from server.render.answers.answer import Answer
from server.render.answers.limits import clipped, part, shown
from server.render.clean import visible

SETTINGS_AT_ONCE = 50


class SettingEcho(BaseModel):
    """`source` is the layer that holds, with file and line; `says` what every layer says, where one is asked for."""

    key: str
    value: Any = None
    unit: str | None = None
    source: str
    says: list[str] | None = None
    meaning: str | None = None


class SettingsAnswer(Answer):
    total: int
    settings: list[SettingEcho]
    cursor: str | None = None


def settings_answer(workspace: str, found: Sequence[Setting], cursor: str = "") -> SettingsAnswer:
    """One setting alone comes with its meaning and its layers. Raises `Invalid` for a cursor that none gave out."""
    echoes, following = part([_echo(each, whole=len(found) == 1) for each in found], cursor, SETTINGS_AT_ONCE)
    alone = "A person changes it in a file or a variable; no tool does." if len(found) == 1 else None
    return SettingsAnswer(
        workspace=workspace, total=len(found), settings=echoes, cursor=following or None,
        next=alone if found else "Ask without a query for all settings.",
    )  # fmt: skip


def _echo(setting: Setting, *, whole: bool) -> SettingEcho:
    return SettingEcho(
        key=visible(setting.key), value="set (not shown)" if setting.is_hidden else shown(setting.value),
        unit=setting.unit or None, source=visible(setting.holds.where),
        says=[clipped(visible(f"{each.where}: {each.value}"), 200) for each in setting.layers] if whole else None,
        meaning=setting.description if whole else None,
    )  # fmt: skip
