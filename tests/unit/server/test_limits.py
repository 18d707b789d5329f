"""Answers stay small and harmless."""

from __future__ import annotations

import pytest

from engine.model.errors import Invalid
from server.render.answers.limits import LONGEST_LIST, part, shown


def test_parts_hold_every_item_once_and_in_order() -> None:
    items, cursor, seen = list(range(120)), "", list[int]()
    while True:
        taken, cursor = part(items, cursor, 50)
        seen += taken
        if not cursor:
            break
    assert seen == items


def test_heavy_items_come_in_smaller_parts_but_never_in_none() -> None:
    taken, cursor = part(["x" * 30_000, "y"], "", 50)
    assert (len(taken), cursor) == (1, "1")


@pytest.mark.parametrize("cursor", ["-1", "x", "3", "99999999999999999999", "\u0661"])
def test_an_invented_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid):
        part([1, 2, 3], cursor, 2)


def test_hidden_characters_are_made_visible_at_any_depth() -> None:
    assert "\u202e" not in str(shown({"a\u202e": ["b\u202e", {"c": "\u200b"}]}))


def test_long_texts_and_lists_are_cut_with_a_count() -> None:
    assert shown("x" * 1_000).endswith("(700 more characters)")
    assert shown(list(range(LONGEST_LIST + 5)))[-1] == "… and 5 more"


def test_an_unknown_is_told_in_words() -> None:
    assert shown({"$unknown": "${network.a.id}"}) == "(known after apply: ${network.a.id})"
