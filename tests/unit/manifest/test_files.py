from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from engine.manifest import file_edits, read_files
from engine.model.errors import ManifestInvalid


@pytest.fixture
def infra(tmp_path: Path) -> Path:
    (tmp_path / "workspace" / "infra").mkdir(parents=True)
    return tmp_path / "workspace" / "infra"


def test_files_come_sorted_by_name_and_only_from_the_folder_itself(infra: Path) -> None:
    for name in ("b.yaml", "a.toml", "c.json", "d.yml", "notes.md", ".hidden.yaml"):
        (infra / name).write_text("# text", encoding="utf-8")
    (infra / "deeper").mkdir()
    (infra / "deeper" / "e.yaml").write_text("", encoding="utf-8")
    assert list(read_files(infra.parent)) == ["infra/a.toml", "infra/b.yaml", "infra/c.json", "infra/d.yml"]


def test_a_workspace_without_the_folder_has_no_files(tmp_path: Path) -> None:
    assert read_files(tmp_path) == {}


def test_a_workspace_whose_own_folder_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ManifestInvalid, match="folder is not there"):
        read_files(tmp_path / "moved")


def test_every_file_that_cannot_be_read_is_reported_at_once(infra: Path, tmp_path: Path) -> None:
    (infra / "a.yaml").write_bytes(b"a: \xff")
    (infra / "b.yaml").write_bytes(b" " * ((2 << 20) + 1))
    (tmp_path / "outside.yaml").write_text("a: b", encoding="utf-8")
    (infra / "c.yaml").symlink_to(tmp_path / "outside.yaml")
    (infra / "d.yaml").symlink_to(infra / "nowhere.yaml")
    (infra / "e.yaml").mkdir()
    with pytest.raises(ManifestInvalid) as caught:
        read_files(infra.parent)
    messages = [(problem.file, problem.message) for problem in caught.value.problems]
    assert messages == [
        ("infra/a.yaml", "It is not UTF-8 (byte 4)."),
        ("infra/b.yaml", "It is larger than 2 MiB."),
        ("infra/c.yaml", "It is a link that leaves the workspace."),
        ("infra/d.yaml", "It is a link that leads nowhere."),
        ("infra/e.yaml", "It is no regular file."),
    ]


def test_a_link_inside_the_workspace_is_followed(infra: Path) -> None:
    (infra.parent / "shared.yaml").write_text("provider: demo", encoding="utf-8")
    (infra / "a.yaml").symlink_to(infra.parent / "shared.yaml")
    assert read_files(infra.parent) == {"infra/a.yaml": "provider: demo"}


def test_a_folder_that_is_a_link_out_of_the_workspace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "infra").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ManifestInvalid, match="leaves the workspace"):
        read_files(tmp_path / "workspace")


def test_more_than_five_hundred_files_are_refused(infra: Path) -> None:
    for number in range(501):
        (infra / f"{number}.yaml").write_text("", encoding="utf-8")
    with pytest.raises(ManifestInvalid, match="500 are the limit"):
        read_files(infra.parent)


def test_an_edit_carries_the_digest_of_what_was_there_and_the_difference() -> None:
    (edit,) = file_edits(
        {"infra/a.yaml": "a: 1\n", "infra/b.yaml": "same"}, {"infra/a.yaml": "a: 2\n", "infra/b.yaml": "same"}
    )
    assert edit.before_sha256 == hashlib.sha256(b"a: 1\n").hexdigest()
    assert (edit.before, edit.text) == ("a: 1\n", "a: 2\n")
    assert edit.diff.splitlines()[-2:] == ["-a: 1", "+a: 2"]


def test_new_and_removed_files_are_edits_too() -> None:
    new, gone = file_edits({"infra/b.yaml": "b"}, {"infra/a.yaml": "a\n"})
    assert (new.path, new.before_sha256, new.text) == ("infra/a.yaml", "", "a\n")
    assert (gone.path, gone.text) == ("infra/b.yaml", None)
    assert "No newline at end of file" in gone.diff
