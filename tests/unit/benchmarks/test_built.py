"""The index that is measured is kept for the next time, and old ones don't pile up."""

from __future__ import annotations

import os
import time
from pathlib import Path

from benchmarks.retrieval.built import built
from benchmarks.retrieval.questions import Pages
from rag.index.recipe import RECIPE
from tests.scenario.rag.shelf import Words
from tests.unit.benchmarks.toy import PAGES, write_lines

YESTERDAY = 25 * 3600


def corpus(folder: Path, words: str = "Backups are kept.") -> Pages:
    return Pages.of(write_lines(folder / "pages.jsonl", [{**PAGES[0], "text": words}, *PAGES[1:]]))


def use(pages: Pages, keep: Path, embedder: Words | None = None, *, ago: float = 0) -> Path:
    """The folder of the index that was built, or found there, as long ago."""
    shelving = built(pages, embedder or Words(), keep)
    shelving.close()
    folder = shelving.database.parents[1]
    shelving.close()
    at = time.time() - ago
    os.utime(folder, (at, at))
    return folder


def test_what_was_built_is_found_again(tmp_path: Path) -> None:
    first, again = Words(), Words()
    folder = use(corpus(tmp_path), tmp_path / "keep", first)
    assert len(first.embedded) == len(PAGES)
    assert use(corpus(tmp_path), tmp_path / "keep", again) == folder
    assert again.embedded == []


def test_another_corpus_or_embedder_has_an_index_of_its_own(tmp_path: Path) -> None:
    folders = {
        use(corpus(tmp_path), tmp_path / "keep"),
        use(corpus(tmp_path, "Other words."), tmp_path / "keep"),
        use(corpus(tmp_path), tmp_path / "keep", Words("others")),
    }
    assert {*(tmp_path / "keep").iterdir()} == folders


def test_what_code_made_it_is_known_by_the_index_alone(tmp_path: Path) -> None:
    folder = use(corpus(tmp_path), tmp_path / "keep")
    assert RECIPE not in folder.name
    assert (folder / f"current-{RECIPE}").is_file()


def test_the_newest_three_stay_and_older_ones_go_and_nothing_else_does(tmp_path: Path) -> None:
    keep = tmp_path / "keep"
    (keep / "worlds").mkdir(parents=True)
    os.utime(keep / "worlds", (0, 0))
    old = [use(corpus(tmp_path, f"Number {n}."), keep, ago=YESTERDAY + 100 - n) for n in range(5)]
    newest = use(corpus(tmp_path), keep)
    assert {*keep.iterdir()} == {keep / "worlds", newest, *old[-2:]}


def test_what_was_used_lately_stays_however_many_there_are(tmp_path: Path) -> None:
    folders = {use(corpus(tmp_path, f"Number {n}."), tmp_path / "keep", ago=60 * n) for n in range(6)}
    assert {*(tmp_path / "keep").iterdir()} == folders
