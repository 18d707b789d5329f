"""A workspace's files become documents, and only those that may."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.model.document import Document, Format, Scope
from rag.model.errors import DocumentUnreadable
from rag.sources.files import WorkspaceFiles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def put(folder: Path, **files: str) -> None:
    """Files by names in which `__` stands for a slash and `_dot_` for a dot."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def source(folder: Path, *added: Path, most: int = 100) -> WorkspaceFiles:
    return WorkspaceFiles("uid", "work", folder, added, most=most)


def read(folder: Path, name: str) -> Document:
    document = source(folder).read(name)
    assert document is not None
    return document


def test_a_page_has_its_title_its_kind_and_its_lines_in_the_file(folder: Path) -> None:
    put(folder, docs__disk_dot_md="---\ntitle: Disk full\nkind: runbook\ntags: [disk]\n---\n\n# Disk\n\nFree some.\n")
    page = read(folder, "docs/disk.md")
    assert (page.title, page.kind, page.tags, page.format) == ("Disk full", "runbook", ("disk",), Format.MARKDOWN)
    assert page.uri == "groundplan://workspaces/work/files/docs/disk.md"
    assert (page.shelf, page.scope) == ("uid", Scope.FILES)
    assert page.text.split("\n").index("Free some.") + 1 + page.line_offset == 9


def test_a_summary_is_the_first_words_and_stands_where_it_stands(folder: Path) -> None:
    put(folder, docs__a_dot_md="---\ntitle: A\nsummary: What to do.\nkind: service\n---\n# A\n\nText.\n")
    page = read(folder, "docs/a.md")
    lines = page.text.split("\n")
    assert (lines[0], page.line_offset, page.kind) == ("What to do.", 2, "file")
    assert lines.index("Text.") + 1 + page.line_offset == 8


def test_a_page_without_front_matter_is_named_by_its_first_heading_or_its_path(folder: Path) -> None:
    put(
        folder,
        docs__a_dot_md="intro\n\n# The heading #\n",
        docs__b_dot_md="no heading\n",
        workspace_dot_toml="name = 'work'\n",
    )
    assert [read(folder, name).title for name in ("docs/a.md", "docs/b.md", "workspace.toml")] == [
        "The heading", "docs/b.md", "workspace.toml",
    ]  # fmt: skip


def test_front_matter_that_is_no_front_matter_is_text(folder: Path) -> None:
    put(folder, a_dot_md="---\n: : [\n---\nText.\n", b_dot_md="---\n\nA rule above.\n")
    assert read(folder, "a.md").text.startswith("---")
    assert read(folder, "b.md").line_offset == 0


@pytest.mark.parametrize(
    "name", ["README", "README.md", "infra/a.yaml", "infra/a.ncl", "policies/a.json", "x/y/z/a.rst", "notes.TXT"]
)
def test_text_is_found_anywhere_in_the_workspace(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("text")
    assert list(source(folder).marks()) == [name]


@pytest.mark.parametrize(
    "name", ["a.py", "a.png", "node_modules/a.md", ".git/a.md", ".hidden.md", "package-lock.json", "Makefile"]
)
def test_what_is_no_text_of_a_person_is_passed_over(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("text")
    assert list(source(folder).marks()) == []


def test_ignore_files_count_where_they_stand_and_ours_has_the_last_word(folder: Path) -> None:
    put(
        folder, _dot_gitignore="*.txt\n/build/\nnote.md\n", _dot_groundplanignore="!keep.txt\nold/\n",
        a_dot_txt="", keep_dot_txt="", build__a_dot_md="", docs__build__a_dot_md="", docs__note_dot_md="",
        docs___dot_gitignore="!note.md\n", old__a_dot_md="", docs__old__b_dot_md="",
    )  # fmt: skip
    assert list(source(folder).marks()) == ["docs/build/a.md", "docs/note.md", "keep.txt"]


def test_a_repository_above_the_workspace_has_a_say(tmp_path: Path) -> None:
    put(
        tmp_path,
        _dot_git__config="",
        _dot_gitignore="generated.md\n/elsewhere.md\n",
        work__generated_dot_md="",
        work__elsewhere_dot_md="",
    )
    assert list(source(tmp_path / "work").marks()) == ["elsewhere.md"]


def test_an_ignore_file_with_nonsense_is_read_as_far_as_it_makes_sense(folder: Path) -> None:
    (folder / ".gitignore").write_bytes(b"!\n/\n\xff\xfe[\na.md\n")
    put(folder, a_dot_md="", b_dot_md="")
    assert list(source(folder).marks()) == ["b.md"]


@pytest.mark.promise("RAG-FILES-1")
def test_a_link_leads_nowhere(folder: Path, tmp_path: Path) -> None:
    put(tmp_path, other__a_dot_md="outside", work__docs__b_dot_md="inside")
    (folder / "docs" / "a.md").symlink_to(tmp_path / "other" / "a.md")
    (folder / "linked").symlink_to(tmp_path / "other")
    assert list(source(folder).marks()) == ["docs/b.md"]


@pytest.mark.promise("RAG-FILES-1")
def test_a_file_that_became_a_link_since_it_was_found_is_not_read(folder: Path, tmp_path: Path) -> None:
    put(tmp_path, other__a_dot_md="outside", work__a_dot_md="inside", work__docs__a_dot_md="inside")
    files = source(folder)
    assert set(files.marks()) == {"a.md", "docs/a.md"}
    (folder / "a.md").unlink()
    (folder / "a.md").symlink_to(tmp_path / "other" / "a.md")
    (folder / "docs").rename(tmp_path / "moved")
    (folder / "docs").symlink_to(tmp_path / "other")
    with pytest.raises(DocumentUnreadable):
        files.read("a.md")
    assert files.read("docs/a.md") is None


@pytest.mark.promise("RAG-FILES-1")
@pytest.mark.parametrize("name", ["../outside.md", "/etc/passwd", "docs/../../outside.md", "", ".", "secrets/a.md"])
def test_a_path_is_not_enough_to_read_a_file(folder: Path, tmp_path: Path, name: str) -> None:
    put(tmp_path, outside_dot_md="outside", work__secrets__a_dot_md="secret", work__docs__a_dot_md="inside")
    assert source(folder).read(name) is None


def test_a_pipe_does_not_stop_the_index(folder: Path) -> None:
    os.mkfifo(folder / "a.md")
    put(folder, b_dot_md="text")
    files = source(folder)
    files.marks()
    (folder / "b.md").unlink()
    os.mkfifo(folder / "b.md")
    assert list(source(folder).marks()) == []
    assert files.read("b.md") is None


def test_what_cannot_be_read_says_why(folder: Path) -> None:
    (folder / "a.md").write_bytes(b"caf\xe9")
    (folder / "b.md").write_bytes(b"a\0b")
    (folder / "c.md").write_bytes(b"x" * 2_000_001)
    (folder / "d.pdf").write_bytes(b"%PDF-1.4 broken")
    for name, word in (("a.md", "Byte 4"), ("b.md", "binary"), ("c.md", "2 MB"), ("d.pdf", "PDF")):
        with pytest.raises(DocumentUnreadable, match=word):
            source(folder).read(name)


def test_more_files_than_the_limit_are_told_of(folder: Path) -> None:
    put(folder, **{f"f{number}_dot_md": "" for number in range(5)})
    files = source(folder, most=3)
    assert list(files.marks()) == ["f0.md", "f1.md", "f2.md", "."]
    with pytest.raises(DocumentUnreadable, match="more than 3 files"):
        files.read(".")


def test_a_mark_changes_with_the_file(folder: Path) -> None:
    put(folder, a_dot_md="one")
    before = source(folder).marks()
    os.utime(folder / "a.md", ns=(1, 1))
    assert source(folder).marks() != before


def test_added_paths_are_found_under_their_whole_path(folder: Path, tmp_path: Path) -> None:
    put(
        tmp_path,
        more__a_dot_md="# More\n",
        more__secrets__b_dot_md="",
        single_dot_md="one",
        single_dot_pem="",
        work__c_dot_md="",
    )
    added = (tmp_path / "more", tmp_path / "single.md", tmp_path / "single.pem", tmp_path / "gone", folder / "c.md")
    files = source(folder, *added)
    assert list(files.marks()) == ["c.md", f"{tmp_path}/more/a.md", f"{tmp_path}/single.md"]
    found = files.read(f"{tmp_path}/more/a.md")
    assert found is not None
    assert found.uri == f"groundplan://workspaces/work/files/{tmp_path}/more/a.md"


def test_a_workspace_that_is_gone_says_so(folder: Path) -> None:
    with pytest.raises(DocumentUnreadable, match="can't be looked into"):
        source(folder / "gone").marks()


def test_names_are_quoted_in_addresses(folder: Path) -> None:
    put(folder, **{"docs__a page_dot_md": "x"})
    assert read(folder, "docs/a page.md").uri.endswith("/files/docs/a%20page.md")
