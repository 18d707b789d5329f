"""The beginning of a chunk, for where there is no room for the whole."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.chunk.lead import LEAD_TOKENS
from rag.chunk.split import split
from rag.chunk.tokens import count
from rag.model.chunk import LEAD_MARK, Chunk, embedded_text
from rag.model.document import Document, Scope


def chunks(text: str, title: str = "Backups") -> list[Chunk]:
    return split(Document("a", "s", Scope.FILES, "file:a", title, text))


def lead(chunk: Chunk) -> str:
    return chunk.text[: chunk.lead.characters]


def test_a_short_chunk_is_its_own_beginning() -> None:
    (chunk,) = chunks("Every night the database is copied.")
    assert (lead(chunk), chunk.lead.tokens) == (chunk.text, chunk.tokens)


def test_it_ends_behind_a_sentence() -> None:
    (chunk,) = chunks("Every night the database is copied to the storage box, and kept there for two weeks. " * 10)
    assert lead(chunk).endswith("two weeks.")
    assert LEAD_TOKENS // 2 < chunk.lead.tokens <= LEAD_TOKENS


def test_code_and_tables_end_behind_a_line() -> None:
    (chunk,) = chunks("```\n" + "\n".join(f"groundplan state show server.web-{n} --json" for n in range(30)) + "\n```")
    assert lead(chunk).endswith("--json")


def test_a_long_breadcrumb_leaves_room_for_text() -> None:
    (chunk,) = chunks("word " * 200, title="How a very long title is told " * 20)
    assert count(lead(chunk)) >= 30


@given(st.text(max_size=2_000), st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_what_it_costs_is_never_too_little(text: str, title: str) -> None:
    for chunk in chunks(text, title):
        shown = lead(chunk) if chunk.lead.characters == len(chunk.text) else lead(chunk) + LEAD_MARK
        assert count(embedded_text(chunk.crumb, shown)) <= chunk.lead.tokens
        assert lead(chunk)


@given(st.text(alphabet="x漢🙂", min_size=200, max_size=900))
@settings(max_examples=50, deadline=None)
def test_one_endless_word_is_cut(text: str) -> None:
    for chunk in chunks(text):
        assert 0 < chunk.lead.tokens <= LEAD_TOKENS * 1.5
