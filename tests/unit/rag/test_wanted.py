"""Which model the index is to have: the younger wish holds, and why there are no vectors is told until there are."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from rag.embed.contract import Embedder
from rag.library import Library
from rag.model.errors import EmbedderFailed
from rag.model.options import LibraryOptions
from rag.model.query import Query
from tests.scenario.rag.shelf import Pages, Words

QUESTION = Query("disk full, how to make space")
GONE = "The model is gone. Install it."
Process = Callable[..., Library]


@pytest.fixture
def pages() -> Pages:
    return Pages({"disk": "# Disk full\n\nA full disk stops every write.", "ssh": "# SSH\n\nPort 22 listens."})


@pytest.fixture
def models() -> dict[str, Words]:
    return {"old": Words("old"), "new": Words("new")}


@pytest.fixture
def process(tmp_path: Path, pages: Pages, models: dict[str, Words]) -> Generator[Process]:
    """A process that read its settings now, and names this model in them."""
    opened: list[Library] = []

    def embedder(setting: str) -> Embedder:
        if setting not in models:
            raise EmbedderFailed("The model is gone.", hint="Install it.")
        return models[setting]

    def start(setting: str, **more: float) -> Library:
        options = LibraryOptions(prebuilt=False, embedder=setting, **more)  # type: ignore[arg-type]
        opened.append(Library(tmp_path / "index", options, lambda: (pages,), embedder))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def test_an_older_process_does_not_move_the_index_back(
    process: Process, pages: Pages, models: dict[str, Words]
) -> None:
    older = process("old")
    older.refresh()
    younger = process("new")
    younger.refresh()
    pages.texts["more"] = "Space is made by deleting."
    embedded = [len(model.embedded) for model in models.values()]
    report = older.refresh()
    assert report.added == 1
    assert report.without_vectors.startswith(
        f"This process ({os.getpid()}) read its settings before the embedder was set to new"
    )
    status = older.status()
    assert (status.embedder, status.wanted, status.without_vectors) == ("new", "new", report.without_vectors)
    assert older.search(QUESTION, look=None).note == f"1 passages are found by words alone: {report.without_vectors}"
    assert younger.refresh().embedded == 1
    assert [len(model.embedded) for model in models.values()] == [embedded[0], embedded[1] + 1]
    assert (younger.status().embedder, younger.status().without_vectors) == ("new", "")


def test_an_older_process_does_not_replace_vectors_by_none(process: Process) -> None:
    older, younger = process("old"), process("new")
    younger.refresh()
    older.rebuild()
    (shelf,) = younger.status().shelves
    assert shelf.with_vectors == shelf.chunks > 0


def test_an_older_process_of_the_same_setting_makes_vectors(process: Process, pages: Pages) -> None:
    older, younger = process("old"), process("old")
    younger.refresh()
    pages.texts["more"] = "Space is made by deleting."
    assert older.refresh().embedded == 1


def test_a_setting_that_is_put_back_moves_the_index_back(process: Process) -> None:
    for setting in ("old", "new", "old"):
        one = process(setting)
        assert one.refresh().without_vectors == ""
        assert one.status().embedder == setting


def test_a_setting_that_can_not_be_used_stands_in_nobodys_way(process: Process) -> None:
    older, younger = process("old"), process("none")
    assert younger.refresh().without_vectors == GONE
    assert older.refresh().without_vectors == ""


@pytest.mark.parametrize("kept", ["", "{}", "[]", '{"read_at": "soon"}', '{"setting": 1, "more": 2}', "\udcff"])
def test_what_is_kept_of_wishes_may_be_anything(process: Process, tmp_path: Path, kept: str) -> None:
    one = process("old")
    one.refresh()
    (tmp_path / "index" / "wanted.json").write_text(kept, "utf-8", errors="surrogateescape")
    assert one.status().wanted == "old"
    assert one.refresh().without_vectors == ""


def test_a_clock_that_was_set_back_stops_nobody(process: Process) -> None:
    process("new", read_at=time.time() + 86_400).refresh()
    one = process("old")
    one.refresh()
    assert one.status().embedder == "old"


def test_why_there_are_no_vectors_is_told_until_there_are(process: Process, models: dict[str, Words]) -> None:
    one = process("none")
    one.refresh_soon()
    thread = one._background._thread
    if thread is not None:
        thread.join(60)
    assert one.search(QUESTION, look=None).note == f"Found by words alone: {GONE}"
    assert one.status().without_vectors == GONE
    later = process("none")
    assert later.search(QUESTION, look=None).note == f"Found by words alone: {GONE}"
    assert later.status().without_vectors == GONE
    assert process("old").status().without_vectors == ""
    models["none"] = Words()
    again = process("none")
    assert again.refresh().without_vectors == ""
    assert (again.status().without_vectors, again.search(QUESTION, look=None).note) == ("", "")
