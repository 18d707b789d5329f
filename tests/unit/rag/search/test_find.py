from __future__ import annotations

from collections.abc import Generator

import pytest

from rag.model.answer import Verdict
from rag.model.query import Query, Within
from rag.search.find import find
from rag.search.store import Store
from tests.unit.rag.search.shelf import Shelf, WordVectors, indexed

PAGES = {
    "guides/rolling-back-a-run.md": "A run is rolled back with `rollback_run`. Every step that can be undone is undone.",
    "guides/rotating-keys.md": "Keys are rotated by declaring a new one. The old key is revoked after the change.",
    "guides/adding-a-server.md": "Declare a server and propose the plan. See [rolling back a run](rolling-back-a-run.md).",
    "runbooks/disk-full.md": "When the disk of a server is full, remove old logs, then grow the volume.",
    "servers/web-fra-017.md": "The server web-fra-017 has the address 10.0.3.17.",
    "servers/web-fra-018.md": "The server web-fra-018 has the address 10.0.3.18. Its neighbour is in the same place.",
}
WITHIN = Within(("mine",))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Generator[Store]:
    secret = Shelf("theirs", {"notes.md": "rolling back a run of web-fra-017 for another workspace"})
    with indexed(tmp_path_factory.mktemp("index"), Shelf("mine", PAGES), secret) as opened:
        yield opened


def first(store: Store, text: str, *, by_words: bool = False) -> str:
    return find(store, None if by_words else WordVectors(), Query(text, WITHIN)).ranked[0].stored.document_id


@pytest.mark.parametrize("by_words", [False, True])
def test_the_page_that_a_question_is_about_is_first(store: Store, *, by_words: bool) -> None:
    assert first(store, "how do I roll back a run?", by_words=by_words) == "guides/rolling-back-a-run.md"
    assert first(store, "rotate a key", by_words=by_words) == "guides/rotating-keys.md"


@pytest.mark.parametrize("text", ["web-fra-018", "what is on 10.0.3.18?", "is wbe-fra-018 healthy", "web-fra-0188"])
def test_a_rare_name_puts_its_page_first_even_when_misspelt(store: Store, text: str) -> None:
    found = find(store, WordVectors(), Query(text, WITHIN))
    assert (found.ranked[0].stored.document_id, found.ranked[0].pinned) == ("servers/web-fra-018.md", True)


def test_a_question_about_something_else_is_refused(store: Store) -> None:
    found = find(store, WordVectors(), Query("bake sourdough bread with a stiff starter", WITHIN))
    assert found.verdict is Verdict.NONE
    assert found.confidence < 0.1


def test_a_question_that_is_answered_is_not_refused(store: Store) -> None:
    found = find(store, WordVectors(), Query("how do I roll back a run", WITHIN))
    assert found.verdict is Verdict.GOOD


def test_no_chunk_of_another_shelf_is_found(store: Store) -> None:
    for text in ("another workspace", "web-fra-017", "rolling back a run"):
        ranked = find(store, WordVectors(), Query(text, WITHIN)).ranked
        assert {each.stored.shelf for each in ranked} <= {"mine"}


def test_every_page_stands_once_before_any_stands_twice(store: Store) -> None:
    ranked = find(store, WordVectors(), Query("server", WITHIN)).ranked
    pages = [each.stored.document_key for each in ranked]
    assert len(set(pages[: len(set(pages))])) == len(set(pages))


def test_scores_fall_and_stay_between_0_and_1(store: Store) -> None:
    found = find(store, WordVectors(), Query("disk of a server is full", WITHIN))
    scores = [each.score for each in found.ranked]
    assert all(0 <= score <= 1 for score in scores)
    assert scores[0] == pytest.approx(found.confidence)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\0", "a\0b", '"', "'", '" OR "', "NEAR(a b)", "title:server", "server*", "^server", "- NOT AND OR",
        "(((", "[link](", "🙂", "\u202eserver\u202c", "خادم", "x" * 10_000, "server " * 2_000, "a.b.c.d-1_2:3/4@5",
        "\ud800", "1.2.3.4 " * 500, "%s {} {0}", "; drop table chunk; --",
    ],
)  # fmt: skip
@pytest.mark.parametrize("by_words", [False, True])
def test_any_text_may_be_asked(store: Store, text: str, *, by_words: bool) -> None:
    found = find(store, None if by_words else WordVectors(), Query(text, WITHIN))
    assert 0 <= found.confidence <= 1
    assert found.verdict in Verdict
