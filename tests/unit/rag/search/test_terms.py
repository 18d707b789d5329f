from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.search.terms import MOST_WORDS, any_of, stem, stems, telling_words


def test_question_words_are_left_out_and_the_rest_keeps_its_order() -> None:
    assert telling_words("How do I roll back a run?") == ("roll", "back", "run")


def test_a_query_of_nothing_but_question_words_keeps_them() -> None:
    assert telling_words("what is this") == ("what", "is", "this")


@pytest.mark.parametrize(
    "words", [("installing", "installed", "install"), ("policies", "policy"), ("containers", "container")]
)
def test_forms_of_a_word_share_a_stem(words: tuple[str, ...]) -> None:
    assert len({stem(word) for word in words}) == 1


def test_a_name_in_humps_is_several_words() -> None:
    assert stems("rotateKeys") == (stem("rotate"), stem("keys"))


@given(st.text(max_size=3_000))
def test_no_text_makes_a_malformed_full_text_query(text: str) -> None:
    words = telling_words(text)
    assert len(words) <= MOST_WORDS
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table words using fts5 (body, tokenize = 'porter unicode61')")
    if words:
        connection.execute("select count(*) from words where words match ?", (any_of(words),)).fetchone()
    connection.close()
