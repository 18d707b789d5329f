"""Every setting is described, typed, and says since when it is there."""

from __future__ import annotations

import re

import pytest

from engine.settings.schema import SettingKind, kinds
from engine.settings.variables import variable_of, variables_layer
from groundplan import __version__

EVERY = {kind.key: kind for kind in kinds().values()}


@pytest.mark.parametrize("kind", EVERY.values(), ids=EVERY)
def test_every_setting_says_what_it_is_and_since_when(kind: SettingKind) -> None:
    assert len(kind.description) > 10
    assert kind.description.endswith(".")
    assert kind.type != "value"
    assert re.fullmatch(r"\d+\.\d+\.\d+", kind.since)
    assert _numbers(kind.since) <= _numbers(__version__)


@pytest.mark.parametrize("kind", EVERY.values(), ids=EVERY)
def test_every_setting_can_be_a_variable(kind: SettingKind) -> None:
    values = variables_layer({variable_of(kind.path): "x"}).values
    for key in kind.path:
        values = values[key]
    assert values == "x"


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]
