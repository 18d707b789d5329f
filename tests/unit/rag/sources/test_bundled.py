"""The pages that ship are documents."""

from __future__ import annotations

from pathlib import Path

from rag.chunk.split import split
from rag.model.document import Scope
from rag.sources.bundled import FOLDER, BundledPages


def test_every_page_is_there_with_what_its_front_matter_says() -> None:
    source = BundledPages()
    assert "guides/getting-started" in source.marks()
    page = source.read("guides/getting-started")
    assert page is not None
    assert (page.title, page.kind, page.uri) == (
        "Getting started", "guide", "groundplan://knowledge/guides/getting-started",
    )  # fmt: skip
    assert (page.shelf, page.scope) == ("", Scope.KNOWLEDGE)
    assert "install" in page.tags
    assert page.updated_at is not None


def test_chunks_of_a_page_name_its_lines_on_disk() -> None:
    source = BundledPages()
    for id_ in source.marks():
        page = source.read(id_)
        assert page is not None
        lines = (FOLDER / f"{id_}.md").read_text("utf-8").split("\n")
        for chunk in split(page)[1:]:
            assert chunk.text.split("\n")[-1].strip() in "\n".join(lines[chunk.first_line - 1 : chunk.last_line])


def test_the_summary_is_the_first_thing_that_is_found() -> None:
    page = BundledPages().read("runbooks/quota")
    assert page is not None
    assert page.text.startswith("The account may not have more of this.\n")


def test_the_table_of_contents_is_no_page() -> None:
    assert not any(id_.endswith("README") for id_ in BundledPages().marks())


def test_a_mark_is_the_content_and_not_the_time(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("one")
    before = BundledPages(tmp_path).marks()
    (tmp_path / "a.md").touch()
    assert BundledPages(tmp_path).marks() == before
    (tmp_path / "a.md").write_text("two")
    assert BundledPages(tmp_path).marks() != before


def test_an_id_does_not_lead_out_of_the_room(tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_text("x")
    (tmp_path / "pages").mkdir()
    source = BundledPages(tmp_path / "pages")
    assert source.read("../outside") is None
    assert source.read("nothing") is None
