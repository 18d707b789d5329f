"""Settings with where they are from, as an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from engine.model.errors import Problem
from engine.model.setting import CompletedSetting, Setting, SettingsCheck
from server.render.answers.answer import Answer
from server.render.answers.limits import clipped, part, shown
from server.render.clean import visible

SETTINGS_AT_ONCE = 50
_GIVEN = "arguments"  # where what a caller sent stands


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


class CompletedAnswer(Answer):
    """`settings` is a list of {key, value?, reason}."""

    settings: list[dict[str, Any]]


class SettingsCheckAnswer(Answer):
    """`problems` is a list of {place, message, remedy?}; `home_only` are keys that only the home can say."""

    valid: bool
    problems: list[dict[str, str]]
    home_only: list[str] | None = None


def completed_answer(workspace: str, found: Sequence[CompletedSetting]) -> CompletedAnswer:
    return CompletedAnswer(
        workspace=workspace, settings=[_completed(each) for each in found],
        next="plan_settings proposes to write those that differ from their default.",
    )  # fmt: skip


def check_answer(workspace: str, check: SettingsCheck) -> SettingsCheckAnswer:
    found = check.problems[:SETTINGS_AT_ONCE]
    more = f" {len(check.problems) - len(found)} more are not shown." if len(check.problems) > len(found) else ""
    return SettingsCheckAnswer(
        workspace=workspace, valid=not check.problems, problems=[_problem(each) for each in found],
        home_only=[visible(each) for each in check.home_only] or None,
        next=f"Mend these.{more}" if check.problems else "plan_settings proposes to write it.",
    )  # fmt: skip


def settings_answer(workspace: str, found: Sequence[Setting], cursor: str = "") -> SettingsAnswer:
    """One setting alone comes with its meaning and its layers. Raises `Invalid` for a cursor that none gave out."""
    echoes, following = part([_echo(each, whole=len(found) == 1) for each in found], cursor, SETTINGS_AT_ONCE)
    alone = "plan_settings proposes to change it." if len(found) == 1 else None
    return SettingsAnswer(
        workspace=workspace, total=len(found), settings=echoes, cursor=following or None,
        next=alone if found else "Ask without a query for all settings.",
    )  # fmt: skip


def _completed(setting: CompletedSetting) -> dict[str, Any]:
    value = "set (not shown)" if setting.is_hidden else shown(setting.value)
    told = {"key": visible(setting.key), "value": value, "reason": visible(setting.reason)}
    return {name: each for name, each in told.items() if each is not None}


def _problem(problem: Problem) -> dict[str, str]:
    file = f"{problem.file}:{problem.line}" if problem.line else problem.file
    place = " ".join(filter(None, (file if file != _GIVEN else "", problem.address)))
    told = {"place": place, "message": problem.message, "remedy": problem.hint}
    return {name: clipped(visible(text), 300) for name, text in told.items() if text}


def _echo(setting: Setting, *, whole: bool) -> SettingEcho:
    return SettingEcho(
        key=visible(setting.key), value="set (not shown)" if setting.is_hidden else shown(setting.value),
        unit=setting.unit or None, source=visible(setting.holds.where),
        says=[clipped(visible(f"{each.where}: {each.value}"), 200) for each in setting.layers] if whole else None,
        meaning=setting.description if whole else None,
    )  # fmt: skip
