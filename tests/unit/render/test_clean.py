"""Nothing invisible stays invisible."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.render.clean import hides_something, visible


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("a\x1b[31m", "a⟨U+001B⟩[31m"),
        ("a\rb", "a⟨U+000D⟩b"),
        ("\u2066x\u2069", "⟨U+2066⟩x⟨U+2069⟩"),
        ("a\u00a0b", "a⟨U+00A0⟩b"),
        ("\ufeffx", "⟨U+FEFF⟩x"),
        ("a\U000e0041", "a⟨U+E0041⟩"),
        ("a\u3164b", "a⟨U+3164⟩b"),
        ("a\u2028b", "a⟨U+2028⟩b"),
        ("a\ud800", "a⟨U+D800⟩"),
    ],
)
def test_a_hidden_character_is_written_out(hidden: str, shown: str) -> None:
    assert visible(hidden) == shown
    assert hides_something(hidden)


@pytest.mark.parametrize("text", ["plain", "Grüße aus Köln", "日本語", "שלום", "a\n\tb", "🙂"])
def test_what_can_be_seen_stays_as_it_is(text: str) -> None:
    assert visible(text) == text
    assert not hides_something(text)


def test_lines_are_kept_only_where_they_are_wanted() -> None:
    assert visible("a\nb\tc", lines=False) == "a⟨U+000A⟩b⟨U+0009⟩c"


def test_what_is_cut_is_counted() -> None:
    assert visible("x" * 1500, 100) == "x" * 100 + "… [1,400 more characters]"
    assert visible("x" * 100, 100) == "x" * 100


@given(st.text())
def test_no_text_keeps_a_control_or_format_character(text: str) -> None:
    assert not {unicodedata.category(sign) for sign in visible(text)} & {"Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert all(sign in "\n\t" or unicodedata.category(sign) != "Cc" for sign in visible(text))
