"""Library: searches never wait for indexing, and answer as well as what is there lets them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from rag.embed.contract import Embedder, Vectors
from rag.index.lock import alone
from rag.library import Library
from rag.model.answer import Verdict
from rag.model.document import Scope
from rag.model.errors import EmbedderFailed, IndexBusy, LibraryError
from rag.model.found import Found, Ranked
from rag.model.options import LibraryOptions
from rag.model.query import Query, Within
from rag.model.source import Source
from rag.search.store import Store
from rag.search.weights import weights
from tests.scenario.rag.shelf import Pages, Words

PAGES = {
    "disk": "# Disk full\n\nA full disk stops every write. Delete old logs to make space.",
    "ssh": "# Keys of SSH\n\nA key opens the door of a server. Port 22 listens.",
}
QUESTION = Query("disk full, how to make space")
Open = Callable[..., Library]


class Slow(Words):
    """Says when it was asked to read documents, and does it when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = Event()
        self.let = Event()

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked.set()
        assert self.let.wait(60)
        return super().embed(texts)


def plain_find(store: Store, embedder: Embedder | None, query: Query) -> Found:
    """By words, then by meaning, all of it good: how well it ranks and when it refuses is shown elsewhere."""
    words = " OR ".join(f'"{word}"' for word in query.text.replace(",", "").split())
    keys = [key for key, _ in store.lexical(words, query.within, 9)]
    if embedder is not None:
        keys += [key for key, _ in store.dense(embedder.embed_query(query.text), query.within, 9)]
    known = store.chunks(keys)
    ranked = tuple(Ranked(known[key], 0.9) for key in dict.fromkeys(keys))
    return Found(ranked, 0.9, without_vectors=embedder is None, verdict=Verdict.GOOD)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Open]:
    monkeypatch.setattr("rag.library.find", plain_find)
    opened: list[Library] = []

    def open_it(
        *pages: Pages,
        embedder: Embedder | None = None,
        named: Callable[[], Iterator[Source]] | None = None,
        **more: object,
    ) -> Library:
        model = embedder or Words()
        options = LibraryOptions(prebuilt=False, embedder="words")
        chosen = {"folder": tmp_path / "index", "options": options, "opened": lambda _: model, **more}
        opened.append(Library(sources=named or (lambda: pages), **chosen))  # type: ignore[arg-type]
        return opened[-1]

    yield open_it
    for each in opened:
        each.close()


def uris(library: Library, query: Query = QUESTION) -> list[str]:
    return [each.uri for each in library.search(query).passages]


def test_the_first_search_of_a_new_home_is_answered(library: Open) -> None:
    assert uris(library(Pages(PAGES)))[0] == "test:///disk"


def test_a_search_does_not_wait_for_a_model_that_reads(library: Open) -> None:
    embedder = Slow()
    one = library(Pages(PAGES), embedder=embedder)
    one.refresh_soon()
    assert embedder.asked.wait(60)
    answer = one.search(QUESTION)
    assert answer.passages[0].uri == "test:///disk"
    assert "found by their words only" in answer.note
    embedder.let.set()


def test_a_search_does_not_wait_for_another_that_writes(library: Open, tmp_path: Path) -> None:
    one = library(Pages(PAGES))
    one.refresh()
    with alone(tmp_path / "index" / "writer.lock"):
        assert uris(one)[0] == "test:///disk"
        with pytest.raises(IndexBusy, match=str(os.getpid())):
            one.refresh()


def test_what_is_asked_for_often_is_done_seldom(library: Open) -> None:
    looks: list[int] = []

    class Counted(Pages):
        def marks(self) -> dict[str, str]:
            looks.append(1)
            return dict(super().marks())

    embedder = Slow()
    one = library(Counted(PAGES), embedder=embedder)
    one.refresh_soon()
    assert embedder.asked.wait(60)
    for _ in range(100):
        one.refresh_soon()
    embedder.let.set()
    one.close()
    assert len(looks) <= 3


def test_closing_ends_the_work_and_opening_goes_on_with_it(library: Open) -> None:
    pages = Pages({f"page-{n}": f"Page {n} of storage." for n in range(40)})
    embedder = Slow()
    one = library(pages, embedder=embedder)
    one.refresh_soon()
    assert embedder.asked.wait(60)
    embedder.let.set()
    one.close()
    again = library(pages)
    report = again.refresh()
    assert report.added == 0
    (shelf,) = again.status().shelves
    assert shelf.with_vectors == shelf.chunks


def test_a_model_that_fails_leaves_the_words(library: Open) -> None:
    def failing(_: str) -> Embedder:
        raise EmbedderFailed("The model is gone.", hint="Install it.")

    library(Pages(PAGES)).refresh()
    one = library(Pages(PAGES), opened=failing)
    answer = one.search(QUESTION)
    assert answer.passages[0].uri == "test:///disk"
    assert answer.note == "Found by words alone: The model is gone. Install it."
    assert one.refresh().without_vectors == "The model is gone. Install it."


def test_while_the_index_moves_the_former_model_reads_the_questions(library: Open) -> None:
    library(Pages(PAGES)).refresh()
    new = Slow()
    new.fingerprint = "new.1"
    models: dict[str, Embedder] = {"words": Words(), "new": new}
    one = library(Pages(PAGES), options=LibraryOptions(prebuilt=False, embedder="new"), opened=models.__getitem__)
    one.refresh_soon()
    assert new.asked.wait(60)
    answer = one.search(QUESTION)
    assert (answer.passages[0].uri, answer.note) == ("test:///disk", "")
    status = one.status()
    assert (status.embedder, status.wanted, status.writer) == ("words", "new", os.getpid())
    new.let.set()
    one.close()
    later = library(Pages(PAGES), options=LibraryOptions(prebuilt=False, embedder="new"), opened=models.__getitem__)
    later.refresh()
    assert later.status().embedder == "new"


def test_a_rebuild_that_gets_no_vectors_leaves_the_old_ones(library: Open) -> None:
    def failing(_: str) -> Embedder:
        raise EmbedderFailed("The model is gone.")

    library(Pages(PAGES)).refresh()
    one = library(Pages(PAGES), opened=failing)
    assert one.rebuild().without_vectors == "The model is gone."
    (shelf,) = one.status().shelves
    assert shelf.with_vectors == shelf.chunks > 0


def test_a_rebuild_without_all_sources_leaves_what_they_gave(library: Open) -> None:
    ours = Pages({"plan": "Harbours."}, "ws-1", Scope.FILES)
    library(Pages(PAGES), ours).refresh()

    def named() -> Iterator[Source]:
        yield Pages({**PAGES, "new": "A new page."})
        raise LibraryError("The state can't be read.")

    one = library(named=named)
    report = one.rebuild()
    assert (report.trouble, report.added) == ("The state can't be read.", 3)
    assert [each.shelf for each in one.status().shelves] == ["", "ws-1"]
    assert (one.refresh().added, one.refresh().removed) == (1, 0)
    assert uris(one, Query("Harbours", Within(("ws-1",)))) == ["test://ws-1/plan"]


def test_a_damaged_index_is_told_and_made_anew(library: Open, tmp_path: Path) -> None:
    one = library(Pages(PAGES))
    one.refresh()
    one.close()
    (database,) = (tmp_path / "index").glob("volume-*/index.sqlite")
    database.write_bytes(b"\xff" * 8192)
    two = library(Pages(PAGES))
    answer = two.search(QUESTION)
    assert answer.note == "The index was damaged and is being built anew."
    two.close()
    three = library(Pages(PAGES))
    three.refresh()
    assert uris(three)[0] == "test:///disk"


def test_a_full_disk_is_a_fact_with_a_next_move(library: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = library(Pages(PAGES))
    one.refresh()

    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("rag.index.writer.Writer.replace", full)
    more = library(Pages({**PAGES, "new": "New."}))
    with pytest.raises(LibraryError, match=r"disk is full.*runbooks/index"):
        more.refresh()
    assert uris(more)[0] == "test:///disk"


def test_a_workspace_is_searched_only_when_it_is_named(library: Open) -> None:
    ours = Pages({"plan": "The disk full of harbours."}, "ws-1", Scope.FILES)
    one = library(Pages(PAGES), ours)
    one.refresh()
    assert "test://ws-1/plan" not in uris(one)
    assert uris(one, Query("harbours", Within(("ws-1",)))) == ["test://ws-1/plan"]


def test_a_document_is_read_from_its_source(library: Open) -> None:
    pages = Pages(PAGES)
    one = library(pages)
    pages.texts["disk"] = "Changed a moment ago."
    document = one.document("", Scope.KNOWLEDGE, "disk")
    assert document is not None
    assert document.text == "Changed a moment ago."
    assert one.document("", Scope.KNOWLEDGE, "../disk") is None
    assert one.document("ws-1", Scope.FILES, "disk") is None


def test_a_second_look_that_can_not_be_had_is_told_and_the_first_one_counts(tmp_path: Path) -> None:
    options = LibraryOptions(embedder="words", prebuilt=False, rerank="cross-encoder:not/here")
    opened = Library(tmp_path, options, lambda: (Pages(PAGES),), lambda _: Words())
    opened.refresh()
    answer = opened.search(QUESTION, look=None)
    opened.close()
    assert answer.passages[0].uri.endswith("disk")
    assert answer.note.startswith("Ranked without a second look: ")


def test_a_second_look_ranks_the_first_pages_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Contrary:
        def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
            assert question == QUESTION.text
            return [1_000.0 * text.count("SSH") for text in texts]

    monkeypatch.setattr("rag.library.open_reranker", lambda *_, **__: Contrary())
    monkeypatch.setattr("rag.search.find.weights", lambda: replace(weights(), second_look=50.0, none=0.0))
    pages = Pages({**PAGES, "ssh": PAGES["ssh"] + " A full disk refuses keys, too."})
    opened = Library(tmp_path, LibraryOptions(prebuilt=False, rerank="late"), lambda: (pages,), lambda _: Words())
    opened.refresh()
    answer = opened.search(QUESTION, look=None)
    opened.close()
    assert answer.passages[0].uri.endswith("ssh")
