"""Every setting says what it touches."""

from __future__ import annotations

import pytest

from engine.settings.reach import reach_of
from engine.settings.schema import kinds, may_say


@pytest.mark.parametrize("path", list(kinds()), ids=".".join)
def test_every_setting_says_what_a_change_of_it_touches(path: tuple[str, ...]) -> None:
    assert reach_of(path).touches


@pytest.mark.parametrize("path", [each for each in kinds() if may_say(each)], ids=".".join)
def test_what_a_workspace_may_say_counts_without_a_restart_and_is_nobodys_trust(path: tuple[str, ...]) -> None:
    assert not reach_of(path).restart
    assert not reach_of(path).guarded
