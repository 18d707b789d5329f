"""What was found becomes numbered passages that fit a budget."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.chunk.tokens import count
from rag.model.answer import Answer, Verdict
from rag.model.chunk import LEAD_MARK
from rag.model.document import Scope, Trust
from rag.model.found import Found
from rag.model.query import Query
from rag.pack.pack import pack
from server.render.answers.looked_up import search_answer
from tests.architecture.rooms import ROOT
from tests.unit.rag.pack.finds import SENTENCES, found, page


def packed(what: Found, **asked: Any) -> Answer:
    return pack(what, Query("how?", **asked))


def places(answer: Answer) -> list[tuple[str, int, int]]:
    return [(each.uri[-1], each.first_line, each.last_line) for each in answer.passages]


def test_passages_are_numbered_in_the_order_of_their_rank() -> None:
    answer = packed(found([page(2)[1], page(1)[3], page(3)[0]]))
    assert places(answer) == [("2", 5, 7), ("1", 13, 15), ("3", 1, 3)]
    assert [each.number for each in answer.passages] == [1, 2, 3]
    assert (answer.verdict, answer.confidence, answer.left_out) == (Verdict.GOOD, 0.8, 0)


def test_a_passage_says_where_it_stands() -> None:
    (passage,) = packed(found([page(1, scope=Scope.FILES, kind="file")[1]])).passages
    assert (passage.title, passage.section, passage.kind) == ("Page 1", "Section 1", "file")
    assert (passage.scope, passage.trust, passage.text) == (Scope.FILES, Trust.WORKSPACE, SENTENCES.strip("\n"))


def test_neighbours_are_one_passage_under_the_best_ones_number() -> None:
    one, other = page(1), page(2)
    answer = packed(found([one[2], other[0], one[0], one[3], one[1]]))
    assert places(answer) == [("1", 1, 15), ("2", 1, 3)]
    text = answer.passages[0].text
    assert [text.count(f"## Section {number}\n") for number in range(4)] == [0, 1, 1, 1]
    assert answer.passages[0].section == "Section 0"
    assert answer.passages[0].score == pytest.approx(1)


def test_parts_of_one_long_line_are_joined_as_they_were() -> None:
    chunks = page(1, SENTENCES * 8)
    assert len(chunks) > 2
    (passage,) = packed(found(chunks), token_budget=4000).passages
    assert passage.text == SENTENCES * 8


def test_no_more_passages_than_asked_for_and_the_rest_is_counted() -> None:
    answer = packed(found([page(key)[0] for key in range(6)]), limit=2)
    assert len(answer.passages) == 2
    assert answer.left_out == 4


def test_a_neighbour_is_taken_in_beyond_the_limit() -> None:
    one = page(1)
    assert places(packed(found([one[0], page(2)[0], one[1]]), limit=1)) == [("1", 1, 7)]


def cut(answer: Answer) -> list[bool]:
    return [each.text.endswith(LEAD_MARK) for each in answer.passages]


def test_of_a_page_that_does_not_fit_the_beginning_is_shown() -> None:
    answer = packed(found([page(key, SENTENCES * 2)[0] for key in range(3)]), token_budget=400)
    assert cut(answer) == [False, True]
    assert answer.passages[1].text.removesuffix(LEAD_MARK).endswith(".")
    assert answer.tokens <= 400


def test_many_pages_are_begun_before_one_is_told_at_length() -> None:
    pages = [page(key, SENTENCES * 8) for key in range(12)]
    answer = packed(found([*(chunks[0] for chunks in pages), pages[0][1]]), limit=20, token_budget=1_900)
    assert cut(answer) == [False] * 2 + [True] * 9
    assert answer.left_out == 1


def test_what_is_left_of_the_budget_makes_beginnings_whole_and_then_goes_deeper() -> None:
    pages = [page(key, SENTENCES * 8) for key in range(5)]
    ranked = found([*(chunks[0] for chunks in pages), pages[1][1]])
    assert cut(packed(ranked, token_budget=1_300)) == [False, False, True, True, True]
    assert cut(packed(ranked, token_budget=1_700)) == [False, False, False, False, True]
    assert cut(packed(ranked, token_budget=2_000)) == [False] * 5
    assert packed(ranked, token_budget=2_200).passages[1].text == "".join(each.chunk.text for each in pages[1][:2])


def test_of_a_page_that_is_only_begun_nothing_further_is_shown() -> None:
    one, other = page(1, SENTENCES * 20), page(2, SENTENCES * 20)
    answer = packed(found([one[0], other[0], one[2], other[2]]), token_budget=600)
    assert places(answer) == [("1", 1, 1), ("2", 1, 1)]


def test_nothing_is_shown_where_nothing_answers() -> None:
    answer = packed(found([page(1)[0]], Verdict.NONE, 0.1))
    assert answer == Answer(Verdict.NONE, 0.1, (), 0)
    assert packed(Found((), 0.9, verdict=Verdict.GOOD)).verdict is Verdict.NONE


def test_a_weak_answer_says_so() -> None:
    assert packed(found([page(1)[0]], Verdict.WEAK)).verdict is Verdict.WEAK


def test_a_page_whose_address_alone_is_too_long_makes_room_for_the_next() -> None:
    heavy = page(1, uri="groundplan://knowledge/" + "漢" * 600)
    assert places(packed(found([heavy[0], page(2)[0]]), token_budget=500)) == [("2", 1, 3)]


def test_a_budget_for_nothing_gives_nothing() -> None:
    answer = packed(found([page(1)[0]]), token_budget=100)
    assert (answer.verdict, answer.passages, answer.tokens, answer.left_out) == (Verdict.NONE, (), 0, 1)


TITLES = st.one_of(st.text(max_size=300), st.text(alphabet="qzQZ[]<>-é漢🙂 ", max_size=300), st.just("Getting started"))
TEXTS = st.one_of(st.just(""), st.text(max_size=3_000), st.lists(st.text(max_size=200), max_size=60).map("\n\n".join))


@pytest.mark.promise("RAG-BUDGET-1")
@given(
    st.lists(st.tuples(TITLES, TEXTS, st.text(max_size=80)), min_size=1, max_size=6),
    st.integers(100, 3_000), st.integers(1, 20), st.sampled_from([Verdict.GOOD, Verdict.WEAK]), st.randoms(),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_what_a_model_reads_never_takes_more_than_the_budget(
    pages: list[tuple[str, str, str]], budget: int, limit: int, verdict: Verdict, random: Any
) -> None:
    chunks = [
        stored
        for key, (title, text, path) in enumerate(pages)
        for stored in page(
            key,
            text,
            title=title,
            uri=f"groundplan://workspaces/demo/files/{path}",
            line_offset=key * 654_321,
            scope=random.choice([Scope.FILES, Scope.KNOWLEDGE, Scope.HISTORY]),
            updated_at=datetime(2024, 11, 24, tzinfo=UTC),
            kind=random.choice(["runbook", "漢" * 30]),
        )
    ]
    random.shuffle(chunks)
    answer = packed(found(chunks, verdict), token_budget=budget, limit=limit)
    if answer.passages:
        words = search_answer("demo", None, answer).words
        assert count(words) <= answer.tokens <= budget
    assert len(answer.passages) <= limit


def test_packing_needs_no_tokenizer() -> None:
    program = "import sys, rag.pack.pack; sys.exit('tiktoken' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=60)
