"""The folder of an index: which volume is read, and which are removed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.index import prebuilt
from rag.index.folder import IndexFolder
from rag.model.options import LibraryOptions
from tests.scenario.rag.shelf import Pages, Words, shelving

PAGES = {"disk": "A full disk stops every write."}


def _never(database: Path) -> None:
    pytest.fail(f"{database} is made again")


def test_the_first_to_come_makes_the_volume_for_all(tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path / "index")
    first = folder.make(prebuilt.fill_empty)
    assert IndexFolder(tmp_path / "index").make(_never) == first


def test_what_nobody_begins_with_is_swept(tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path)
    old = folder.make(prebuilt.fill_empty)
    new = folder.begin(prebuilt.fill_empty)
    folder.adopt(new)
    folder.sweep()
    assert folder.current() == new
    assert not old.exists()


def test_another_versions_volume_stays_while_that_version_is_used(tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path)
    folder.make(prebuilt.fill_empty)
    theirs = folder.begin(prebuilt.fill_empty)
    (tmp_path / "current-0000000000").write_text(theirs.name)
    folder.sweep()
    assert theirs.exists()
    os.utime(tmp_path / "current-0000000000", (0, 0))
    folder.sweep()
    assert not theirs.exists()
    assert not (tmp_path / "current-0000000000").exists()


def test_an_upgrade_takes_over_the_vectors_of_equal_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = shelving(tmp_path, Pages(PAGES))
    old.refresh()
    old.close()
    monkeypatch.setattr("rag.index.folder._CURRENT", "current-1111111111")
    embedder = Words()
    new = shelving(tmp_path, Pages({**PAGES, "ssh": "Port 22 listens."}), embedder=embedder)
    assert new.refresh().added == 2
    assert embedder.embedded == ["ssh\nPort 22 listens."]
    new.close()


@pytest.mark.parametrize("where", ["SHIPPED", "CHECKOUT"])
def test_a_new_index_begins_with_what_is_prebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    made = shelving(tmp_path / "made", Pages(PAGES))
    made.refresh()
    made.close()
    (tmp_path / "prebuilt").mkdir()
    made.database.rename(tmp_path / "prebuilt" / prebuilt.NAME)
    made.close()
    for each in ("SHIPPED", "CHECKOUT"):
        monkeypatch.setattr(prebuilt, each, tmp_path / ("prebuilt" if each == where else "none"))
    embedder, pages = Words(), Pages(PAGES)
    index = shelving(tmp_path / "index", pages, embedder=embedder, options=LibraryOptions(embedder="words.1"))
    (shelf,) = index.status().shelves
    assert (shelf.documents, shelf.with_vectors) == (1, shelf.chunks)
    report = index.refresh()
    assert (report.unchanged, pages.read_ids, embedder.embedded) == (1, [], [])
    index.close()
