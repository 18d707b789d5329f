"""Patterns mean what Python's regular expressions mean, and never run away."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.policy.rules.pattern import LONGEST_TEXT, pattern
from engine.policy.rules.unsound import Unsound

LETTERS = st.text("ab-1_.", max_size=8)
ATOMS = st.sampled_from(["a", "b", "-", "1", r"\.", ".", "[ab]", "[^a]", r"\d", r"\w", "[a-z0-9-]", "_"])
COUNTS = st.sampled_from(["", "*", "+", "?", "{2}", "{1,3}", "{2,}"])
PARTS = st.recursive(
    st.tuples(ATOMS, COUNTS).map("".join),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, inner, COUNTS).map(lambda each: f"({each[0]}|{each[1]}){each[2]}"),
        st.tuples(inner, COUNTS).map(lambda each: f"(?:{each[0]}){each[1]}"),
    ),
    max_leaves=5,
)


@given(PARTS, LETTERS)
def test_a_pattern_fits_what_the_same_regular_expression_fits(text: str, word: str) -> None:
    try:
        fits = pattern(text).fits(word)
    except Unsound:
        return
    assert fits is bool(re.fullmatch(text, word, re.ASCII)), (text, word)


@pytest.mark.parametrize(
    "text", ["(a*)*b", "(a|a)*b", "(a|aa)+$", "(.*)*x", "a*a*a*a*a*a*a*a*b", "([a-z]+)+!", "(a?){60}a{60}"]
)
def test_a_hostile_pattern_takes_no_time(text: str) -> None:
    began = time.perf_counter()
    pattern(text).fits("a" * LONGEST_TEXT)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(a", "a ( is not closed"),
        ("a)", "a ) has no ( before it"),
        ("[a", "a [ is not closed"),
        ("*a", "* can't stand there"),
        ("a**", "a repetition is repeated"),
        ("a*?", "a repetition is repeated"),
        ("a++", "a repetition is repeated"),
        ("a{x}", "a { opens no repetition"),
        ("a{3,2}", "{3,2} is no repetition up to 64"),
        ("a{65}", "{65} is no repetition up to 64"),
        ("a{999999999999}", "a { opens no repetition"),
        ("(?=a)", "(?…) is not read"),
        ("(?P<n>a)", "(?…) is not read"),
        ("(?i)a", "(?…) is not read"),
        (r"(a)\1", "\\1 is not read"),
        (r"\b", "\\b is not read"),
        ("a\\", "nothing follows the \\"),
        ("[z-a]", "z-a is no range"),
        ("a" * 201, "the pattern is longer than 200 characters"),
        ("(" * 12 + ")" * 12, "groups are nested deeper than 10"),
        ("((((a{64}){64}){64}){64})", "the pattern repeats too much"),
        ("((((){64}){64}){64}){64}", "the pattern repeats too much"),
        ("a^b", "^ can't stand there"),
    ],
)  # fmt: skip
def test_what_is_no_pattern_is_said_with_a_remedy(text: str, said: str) -> None:
    with pytest.raises(Unsound) as wrong:
        pattern(text)
    assert str(wrong.value) == said
    assert wrong.value.hint


def test_a_text_that_is_too_long_fits_nothing() -> None:
    assert not pattern(".*").fits("a" * (LONGEST_TEXT + 1))
    assert pattern("^a+$").fits("a" * LONGEST_TEXT)
