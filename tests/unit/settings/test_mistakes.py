"""What is told of settings that can't be meant: every problem, with place and remedy, and nothing that is a secret."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.notation.nickel import Limits
from tests.unit.settings.mistake import SECRET, Mistake
from tests.unit.settings.mistakes import MISTAKES
from tests.unit.settings.mistakes_in_notation import MISTAKES_IN_NOTATION
from tests.unit.settings.place import Place

EVERY = {**MISTAKES, **MISTAKES_IN_NOTATION}
NO_FILE = "It is no regular file. Take it away, or give it another ending."
LINK = "It is a link that leaves the workspace."


@pytest.mark.promise("SETTINGS-5")
@pytest.mark.parametrize("mistake", EVERY.values(), ids=EVERY)
def test_what_can_not_be_meant_is_told_with_place_and_remedy(place: Place, mistake: Mistake) -> None:
    (place.home.parent / "outside.txt").write_text(SECRET)
    place.write(".env", SECRET)
    for file, text in mistake.files.items():
        place.write(file, text)
    told = place.refused(mistake.variables, mistake.limits, mistake.environment, **mistake.arguments)
    assert told == mistake.told
    for hidden in (SECRET, str(place.home.parent), "root:"):
        assert hidden not in str(told)


def _folder(path: Path, _: Path) -> None:
    path.mkdir()


def _pipe(path: Path, _: Path) -> None:
    os.mkfifo(path)


def _link(path: Path, outside: Path) -> None:
    path.symlink_to(outside)


def _link_to_itself(path: Path, _: Path) -> None:
    path.symlink_to(path)


def _link_to_a_device(path: Path, _: Path) -> None:
    path.symlink_to("/dev/zero")


MADE: dict[str, tuple[str, Callable[[Path, Path], None], str]] = {
    "a folder": ("workspace.toml", _folder, f"workspace.toml: {NO_FILE}"),
    "a pipe": ("settings/dev-defaults.yaml", _pipe, f"settings/dev-defaults.yaml: {NO_FILE}"),
    "a pipe in Nickel": ("settings/dev-defaults.ncl", _pipe, f"settings/dev-defaults.ncl: {NO_FILE}"),
    "a folder in the home": ("config.toml", _folder, f"~/config.toml: {NO_FILE}"),
    "a pipe in the home": ("config.toml", _pipe, f"~/config.toml: {NO_FILE}"),
    "a link out of the workspace": ("workspace.toml", _link, f"workspace.toml: {LINK} Copy the file into shop/ instead."),
    "a link out of the folder of defaults": ("settings/dev-defaults.toml", _link, f"settings/dev-defaults.toml: {LINK} Copy the file into settings/ instead."),
    "a link to a device": ("settings/dev-defaults.json", _link_to_a_device, f"settings/dev-defaults.json: {LINK} Copy the file into settings/ instead."),
    "a link to nothing": ("config.toml", lambda path, outside: path.symlink_to(outside.with_name("gone")), "~/config.toml: It is a link that leads nowhere. Take it away, or let it lead to a file."),
    "a link to itself": ("workspace.toml", _link_to_itself, "workspace.toml: It is a link that leads nowhere. Take it away, or let it lead to a file."),
}  # fmt: skip


@pytest.mark.promise("SETTINGS-5")
@pytest.mark.parametrize(("file", "make", "told"), MADE.values(), ids=MADE)
def test_what_is_no_file_of_the_workspace_is_not_read(
    place: Place, file: str, make: Callable[[Path, Path], None], told: str
) -> None:
    outside = place.home.parent / "outside.toml"
    outside.write_text(f'[values]\nstolen = "{SECRET}"\n')
    make(place.path(file), outside)
    assert place.refused(environment="dev") == [told]


def test_a_folder_of_defaults_that_leads_out_of_the_workspace_is_not_read(place: Place, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "dev-defaults.toml").write_text("[values]\na = 1\n")
    (place.folder / "settings").rmdir()
    (place.folder / "settings").symlink_to(tmp_path / "elsewhere")
    assert place.refused(environment="dev") == [
        "settings: The folder is a link that leaves the workspace. Make it a real folder."
    ]


def test_all_problems_of_all_layers_are_told_at_once(place: Place) -> None:
    place.write("config.toml", "plan_seconds = 99\n")
    place.write("workspace.toml", 'environment = "dev"\n[planning]\nprovder = "x"\n')
    place.write("settings/dev-defaults.toml", '[values]\na = "{{ nothing }}"\n')
    told = place.refused()
    assert [each.split(":")[0] for each in told] == ["~/config.toml", "settings/dev-defaults.toml", "workspace.toml"]


def test_of_thousands_of_mistakes_each_is_told_and_the_first_ones_with_what_is_near(place: Place) -> None:
    unset = "".join(f'a{n} = "{{{{ settings.values.b{n} }}}}"\n' for n in range(3000))
    place.write("workspace.toml", f"[values]\n{unset}")
    told = place.refused()
    assert len(told) == 3000
    assert sum("Did you mean" in each for each in told) == 20
    place.write("workspace.toml", "".join(f"valuess{n} = 1\n" for n in range(3000)))
    assert sum("Did you mean" in each for each in place.refused()) == 20


def test_a_workspace_that_computes_without_an_end_breaks_nothing_else(place: Place) -> None:
    place.write("settings/dev-defaults.ncl", "let rec f = fun x => f x in f 0")
    limits = Limits(memory=256 << 20)
    assert place.refused(limits=limits, environment="dev")[0].startswith(
        "settings/dev-defaults.ncl:1:1: The evaluation takes"
    )
    assert place.load(limits=limits, environment="prod").settings.values == {}
