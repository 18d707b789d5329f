"""A workspace full of secrets is indexed, and the index holds none of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.sources.files import WorkspaceFiles
from tests.scenario.rag.shelf import shelving
from tests.unit.rag.canary import SEEN, plant, traces


@pytest.mark.promise("RAG-SECRETS-1")
def test_no_byte_of_a_secret_is_in_the_index(tmp_path: Path) -> None:
    pytest.importorskip("pypdf", reason="reads PDF, which the extra `pdf` brings")
    work = tmp_path / "work"
    work.mkdir()
    secrets = plant(work)
    index = shelving(tmp_path / "index", WorkspaceFiles("uid", "work", work))
    index.refresh()
    index.close()
    stored = b"".join(path.read_bytes() for path in sorted((tmp_path / "index").rglob("*")) if path.is_file())
    assert traces(stored, secrets) == []
    assert [word for word in SEEN if word.encode() not in stored] == []


@pytest.mark.promise("RAG-SECRETS-1")
def test_what_was_recognised_as_a_secret_later_leaves_no_byte_behind(tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "docs").mkdir(parents=True)
    page = work / "docs" / "a.md"
    page.write_text("The heron-word of the day is rainy-tuesday-99.\n")
    index = shelving(tmp_path / "index", WorkspaceFiles("uid", "work", work))
    index.refresh()
    (work / ".groundplanignore").write_text("a.md\n")
    index.refresh()
    index.close()
    stored = b"".join(path.read_bytes() for path in sorted((tmp_path / "index").rglob("*")) if path.is_file())
    assert b"rainy-tuesday-99" not in stored
