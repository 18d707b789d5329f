"""Modes are real: their settings load, their commands are there, and what they say is missing is missing."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest

from engine.advice.modes import mode_of, modes
from engine.model.errors import NotFound
from engine.model.mode_defaults import ModeDefaults
from engine.registry.services import services
from engine.settings.consent_rules import ConsentRules
from engine.settings.load import SettingsLoader, Wanted
from engine.settings.schema import Settings, kinds
from reference.commands import leaves

LEAVES = {leaf.words: leaf for leaf in leaves()}


def nested(mode: ModeDefaults) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, value in mode.settings.items():
        *above, last = key.split(".")
        place = tree
        for part in above:
            place = place.setdefault(part, {})
        place[last] = value
    return tree


def loaded(mode: ModeDefaults, home: Path) -> Settings:
    return SettingsLoader(home, {}).load(Wanted(arguments=nested(mode))).settings


def test_there_are_the_four_modes_with_the_machines_they_need() -> None:
    assert [(each.name, each.machine) for each in modes().values()] == [
        ("solo", "2 cpu, 4GiB"), ("multiuser", "4 to 8 cpu, 8GiB"),
        ("cicd", "8 or more cpu, 16GiB"), ("enterprise", "16 or more cpu, 32GiB"),
    ]  # fmt: skip


@pytest.mark.parametrize("mode", modes().values(), ids=list(modes()))
def test_the_settings_of_a_mode_are_settings_and_load(mode: ModeDefaults, tmp_path: Path) -> None:
    assert {tuple(key.split(".")) for key in mode.settings} <= kinds().keys()
    settings = loaded(mode, tmp_path)
    for key, value in mode.settings.items():
        held: Any = settings
        for part in key.split("."):
            held = getattr(held, part)
        assert list(held) == value if isinstance(value, list) else held == value


@pytest.mark.parametrize("mode", modes().values(), ids=list(modes()))
def test_what_a_mode_sets_is_not_what_is_built_in_anyway(mode: ModeDefaults) -> None:
    same = [key for key, value in mode.settings.items() if kinds()[tuple(key.split("."))].default == value]
    assert same == []


@pytest.mark.promise("ADVICE-2")
@pytest.mark.parametrize("mode", modes().values(), ids=list(modes()))
def test_no_mode_loosens_how_a_person_is_asked(mode: ModeDefaults, tmp_path: Path) -> None:
    assert loaded(mode, tmp_path).consent.loosens(ConsentRules()) == ()


@pytest.mark.parametrize("mode", modes().values(), ids=list(modes()))
def test_the_commands_of_a_mode_are_there_with_their_options(mode: ModeDefaults) -> None:
    for line in mode.commands:
        program, *told = shlex.split(line)
        words = max((name for name in LEAVES if told[: len(name.split())] == name.split()), key=len)
        known = {option for each in LEAVES[words].command.params for option in each.opts}
        assert program == "groundplan"
        assert [word for word in told if word.startswith("-") and word not in known] == []


@pytest.mark.parametrize("mode", modes().values(), ids=list(modes()))
def test_the_services_of_a_mode_are_in_the_catalogue(mode: ModeDefaults) -> None:
    assert mode.services.keys() <= services().keys()


@pytest.mark.parametrize("mode", modes().values(), ids=list(modes()))
def test_what_a_mode_says_is_not_built_is_not_there(mode: ModeDefaults) -> None:
    commands = {part for name in LEAVES for part in name.split()}
    arrived = [each.what for each in mode.not_built if each.until in commands]
    assert arrived == [], "it is built now: take it out of engine/advice/modes.yaml, and say what the mode does with it"


def test_a_mode_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(NotFound, match=r"There is no mode 'enterprize'\. Did you mean enterprise"):
        mode_of("enterprize")
    with pytest.raises(NotFound, match="There are: solo, multiuser, cicd, enterprise"):
        mode_of("\u202e" * 10_000)
