"""What Nickel files may read: files of the workspace and our contracts, whatever is written and linked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nickel
import pytest

from engine.manifest import read_files
from engine.notation.nickel import evaluate
from engine.notation.nickel.child import confine
from engine.registry.providers import offers
from tests.unit.manifest.workspaces import complaint, declared, workspace

SECRET = "what nobody may read"
PLAIN = 'Write it as import "path", with the path relative to this file and in plain text.'
ABSOLUTE = "Imports read files of the workspace alone; write a relative path."
ESCAPES = {
    "an absolute path": ('import "/etc/passwd"',
        f"1:1: The import of '/etc/passwd' is refused: it is an absolute path. {ABSOLUTE}"),
    "an absolute path as text": ("{\n  a = import \"/etc/passwd\" as 'Text,\n}",
        f"2:7: The import of '/etc/passwd' is refused: it is an absolute path. {ABSOLUTE}"),
    "a path above": ("import \"../../outside.txt\" as 'Text",
        "1:1: The import of '../../outside.txt' is refused: it leaves the workspace. Copy the file into the workspace."),
    "a path above, in the middle": ("import \"lib/../../../outside.txt\" as 'Text",
        "1:1: The import of 'lib/../../../outside.txt' is refused: it leaves the workspace. Copy the file into the workspace."),
    "a link to a file": ("import \"../link.txt\" as 'Text",
        "1:1: The import of '../link.txt' is refused: it is a link that leaves the workspace. Copy the file into the workspace."),
    "a link to a folder": ("import \"../folder/outside.txt\" as 'Text",
        "1:1: The import of '../folder/outside.txt' is refused: it is a link that leaves the workspace. Copy the file into the workspace."),
    "a hidden file": ("import \"../.env\" as 'Text",
        "1:1: The import of '../.env' is refused: hidden files are not read. Give the file another name."),
    "a link to a hidden file": ("import \"../env.txt\" as 'Text",
        "1:1: The import of '../env.txt' is refused: hidden files are not read. Give the file another name."),
    "an escape in the path": ('import "/etc/p\\u{61}sswd"', f"1:1: The path of this import is not plain text. {PLAIN}"),
    "code in the path": ('import "/etc/%{"passwd"}"', f"1:1: The path of this import is not plain text. {PLAIN}"),
    "a comment before the path": ("import # so\n# what?\n  \"/etc/passwd\" as 'Text",
        f"1:1: The import of '/etc/passwd' is refused: it is an absolute path. {ABSOLUTE}"),
    "a comment with a carriage return": ("import # so\rwhat\n\"/etc/passwd\" as 'Text",
        "1:12: A carriage return stands alone. Lines end with a newline, or with both."),
    "a folder": ("import \"lib\" as 'Text",
        "1:1: The import of 'lib' is refused: it is no regular file. Take it away, or give it another ending."),
    "a device": ("import \"/dev/zero\" as 'Text",
        f"1:1: The import of '/dev/zero' is refused: it is an absolute path. {ABSOLUTE}"),
    "no UTF-8": ("import \"../latin.txt\" as 'Text",
        "1:1: The import of '../latin.txt' is refused: it is not UTF-8 (byte 1). Save it as UTF-8."),
    "no file": ('import "nowhere.ncl"', "1:1: Import of nowhere.ncl failed: the workspace has no such file."),
    "a name that is too long": (f'import "{"x" * 300}.ncl"',
        f"1:1: The import of '{'x' * 59}… is refused: it can't be read (File name too long). Mend its path or its rights."),
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A workspace with links out of it, and something outside to read."""
    (tmp_path / "outside.txt").write_text(SECRET)
    folder = workspace(tmp_path / "workspace", {".env": SECRET, "infra/lib/empty.ncl": "{}", "latin.txt": b"\xe9"})
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "folder").symlink_to(tmp_path)
    (folder / "env.txt").symlink_to(folder / ".env")
    return folder


@pytest.mark.promise("NICKEL-1")
@pytest.mark.parametrize(("text", "said"), ESCAPES.values(), ids=ESCAPES)
def test_an_import_of_anything_else_is_refused(text: str, said: str, place: Path) -> None:
    (problem,) = complaint(place, {"infra/main.ncl": text}, offers())
    assert problem == f"infra/main.ncl:{said}"
    assert SECRET not in problem
    assert "root:" not in problem
    assert str(place.parent) not in problem


@pytest.mark.promise("NICKEL-1")
def test_what_is_imported_is_held_to_the_same(place: Path) -> None:
    files = {
        "infra/main.ncl": 'import "lib/a.txt" as \'Nickel',
        "infra/lib/a.txt": 'import "b.ncl"',
        "infra/lib/b.ncl": '\nimport "/etc/passwd"',
    }
    said = f"infra/lib/b.ncl:2:1: The import of '/etc/passwd' is refused: it is an absolute path. {ABSOLUTE}"
    assert complaint(place, files, offers()) == [said]


@pytest.mark.promise("NICKEL-1")
def test_the_process_itself_can_open_nothing_else_where_the_kernel_holds_it_to_that(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "main.ncl").write_text('{ a = import "/etc/hostname" as \'Text }')
    (tmp_path / "files" / "own.ncl").write_text("{ a = 1 }")
    confines = f"from {confine.__module__} import confine; print(confine('/tmp'))"
    if (
        "True"
        not in subprocess.run([sys.executable, "-c", confines], capture_output=True, text=True, check=True).stdout
    ):
        pytest.skip("this kernel has no Landlock")
    job = {
        "folder": str(tmp_path / "files"), "files": ["main.ncl", "own.ncl"], "library": [], "largest": 1000,
        "packages": str(Path(nickel.__file__).parents[1]), "seconds": 5, "memory": 1 << 30, "output": 1 << 20,
    }  # fmt: skip
    program = [sys.executable, "-I", "-S", str(Path(sys.modules[confine.__module__].__file__ or ""))]
    done = subprocess.run(
        program, input=json.dumps(job), capture_output=True, text=True, check=True, cwd=tmp_path / "files", timeout=60
    )
    refused, own = [json.loads(line) for line in done.stdout.splitlines()]
    assert "Permission denied" in refused["error"] or "could not find import" in refused["error"]
    assert json.loads(own["json"]) == {"a": 1}


def test_files_of_the_workspace_are_read_in_every_format(place: Path) -> None:
    files = {
        "infra/main.ncl": """
            let base = import "../shared/image.yaml" in
            let small = (import "lib/sizes.ncl").web in
            {
              provider = "demo",
              resources.server.web = { image = base.image, size = small, user_data = import "../shared/boot.sh" as 'Text },
            }
        """,
        "infra/lib/sizes.ncl": 'import "../../shared/sizes.json"',
        "shared/sizes.json": '{"web": "small"}',
        "shared/image.yaml": "image: debian-12",
        "shared/boot.sh": '#!/bin/sh\nimport "$HOME"\n',
    }
    (web,) = declared(place, files, offers())
    assert web.properties == {"image": "debian-12", "size": "small", "user_data": files["shared/boot.sh"]}
    imported = {"infra/lib/sizes.ncl", "shared/sizes.json", "shared/image.yaml", "shared/boot.sh"}
    assert read_files(place).evaluated["infra/main.ncl"].imports == imported


def test_a_file_that_imports_itself_through_another_ends_as_a_recursion(place: Path) -> None:
    files = {
        "infra/main.ncl": 'import "lib/a.ncl"',
        "infra/lib/a.ncl": '{ provider = (import "../main.ncl").provider }',
    }
    assert complaint(place, files, offers())[0].endswith("Infinite recursion.")


def test_a_search_for_imports_in_hostile_text_is_quick(place: Path) -> None:
    text = "#import\n" * 100_000 + "import " * 100_000 + "#" + "import # " * 50_000
    assert evaluate(place, {"infra/main.ncl": text}, {})["infra/main.ncl"].flaws


def test_no_word_of_the_environment_reaches_the_child(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NICKEL_IMPORT_PATH", str(place.parent))
    said = complaint(place, {"infra/main.ncl": 'import "outside.txt" as \'Text'}, offers())
    assert said == ["infra/main.ncl:1:1: Import of outside.txt failed: the workspace has no such file."]
