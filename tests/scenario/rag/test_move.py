"""A workspace's index moves to a sentence-transformers model and back, and answers all the while."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.library import Library
from rag.model.document import Scope
from rag.model.options import LibraryOptions
from rag.model.query import Query, Within
from tests.contract.embedder_contract import published_model
from tests.scenario.rag.shelf import Pages

pytestmark = [pytest.mark.sentence_transformers, pytest.mark.slow, pytest.mark.xdist_group("model")]

_SHELF = "workspace-1"
_PAGES = {
    "docs/backup.md": "# Backups\n\nEvery night the database is copied to the storage box and kept for two weeks.",
    "docs/network.md": "# Network\n\nThe machines of the shop talk to each other over 10.77.0.0/24, never in public.",
    "docs/release.md": "# Release\n\nA new version of the shop goes to the staging machine first, for one day.",
    "docs/on-call.md": "# On call\n\nWhoever is on call answers within half an hour and writes down what happened.",
}
_ASKED = {
    "how long do we keep copies of our data?": "docs/backup.md",
    "which addresses do the machines use among each other?": "docs/network.md",
    "where does a new version go first?": "docs/release.md",
}


def test_an_index_moves_to_sentence_transformers_and_back(tmp_path: Path) -> None:
    shipped, published = "minilm", f"sentence-transformers:{published_model()}"

    library = _library(tmp_path, shipped)
    assert library.refresh().without_vectors == ""
    first = library.status()
    assert first.fingerprint.startswith("minilm-l6-v2.")
    assert _answers(library) == _ASKED
    library.close()

    library = _library(tmp_path, published)
    assert library.status().fingerprint == first.fingerprint, "the old vectors serve until the new ones are there"
    moved = library.refresh()
    assert (moved.embedded, moved.without_vectors) == (_chunks(library), "")
    assert library.status().fingerprint.startswith("st.")
    assert _answers(library) == _ASKED
    library.close()

    library = _library(tmp_path, shipped)
    assert library.refresh().without_vectors == ""
    assert library.status().fingerprint == first.fingerprint
    assert _answers(library) == _ASKED
    library.close()


def _library(folder: Path, embedder: str) -> Library:
    pages = Pages(_PAGES, shelf=_SHELF, scope=Scope.FILES)
    return Library(folder, LibraryOptions(embedder=embedder, threads=1), lambda: [pages])


def _chunks(library: Library) -> int:
    return sum(shelf.chunks for shelf in library.status().shelves)


def _answers(library: Library) -> dict[str, str]:
    """The page of each question's first passage."""
    found = {asked: library.search(Query(asked, Within(shelves=(_SHELF,)))) for asked in _ASKED}
    return {asked: answer.passages[0].uri.rpartition(f"{_SHELF}/")[2] for asked, answer in found.items()}
