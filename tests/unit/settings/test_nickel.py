"""An environment's defaults in Nickel: evaluated, confined, with the line of each value, and read anew when they move."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.settings.account import setting_of
from engine.settings.load import SettingsLoader, Wanted
from tests.unit.settings.place import Place

DEFAULTS = """\
let G = import "groundplan.ncl" in
let sizes = import "../shared/sizes.ncl" in
{
  planning.provider = "demo",
  values = {
    size = sizes.web,
    host = "{{ workspace.name }}-{{ settings.values.size }}",
  },
} | G.Settings
"""


@pytest.fixture
def written(place: Place) -> Place:
    place.write("shared/sizes.ncl", '{ web = (import "sizes.json").web }')
    place.write("shared/sizes.json", '{"web": "small"}')
    place.write("settings/dev-defaults.ncl", DEFAULTS)
    place.write("workspace.toml", 'environment = "dev"\n')
    return place


def test_defaults_in_nickel_are_settings_like_any_other(written: Place) -> None:
    resolved = written.load()
    assert resolved.settings.planning.provider == "demo"
    assert resolved.settings.values == {"size": "small", "host": "shop-small"}
    assert setting_of(resolved, "planning.provider").holds.where == "settings/dev-defaults.ncl:4"
    assert setting_of(resolved, "values.host").holds.where == "settings/dev-defaults.ncl:7"


@pytest.mark.parametrize("file", ["shared/sizes.json", "shared/sizes.ncl", "settings/dev-defaults.ncl"])
def test_a_change_of_any_file_that_was_read_is_seen(written: Place, file: str) -> None:
    loader, wanted = SettingsLoader(written.home, {}), Wanted(written.folder, "shop")
    first = loader.load(wanted)
    assert loader.load(wanted) is first
    text = written.path(file).read_text("utf-8")
    written.write(file, {"shared/sizes.ncl": '{ web = "middling" }'}.get(file, text.replace("small", "middling")))
    written.write(
        "settings/dev-defaults.ncl", DEFAULTS.replace("sizes.web", '"middling"')
    ) if "defaults" in file else None
    assert loader.load(wanted).settings.values["size"] == "middling"


def test_only_the_file_that_moved_is_read_again(written: Place) -> None:
    loader, wanted = SettingsLoader(written.home, {}), Wanted(written.folder, "shop")
    before = loader.load(wanted)
    written.write("workspace.toml", 'environment = "dev"\n[values]\na = 1\n')
    after = loader.load(wanted)
    documents = [next(each.document for each in side.layers if each.name == "environment") for side in (before, after)]
    assert documents[0] is documents[1]
    assert after.settings.values["a"] == 1


@pytest.mark.promise("NICKEL-1")
def test_defaults_import_nothing_from_outside_through_a_link(written: Place) -> None:
    outside = written.home.parent / "outside.json"
    outside.write_text('{"web": "stolen"}')
    written.path("shared/sizes.json").unlink()
    written.path("shared/sizes.json").symlink_to(outside)
    assert written.refused() == [
        "shared/sizes.ncl:1:10: The import of 'sizes.json' is refused: it is a link that leaves the workspace. "
        "Copy the file into the workspace."
    ]


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        '{ planning.provider = "" }',
        '{ planning.provider = "{{ settings.values.a_name_that_takes_more_room_than_the_name_of_any_provider }}" }',
        "{ values.any = [1, true, { a = null }] }",
    ],
)
def test_the_contract_takes_what_the_settings_take(place: Place, body: str) -> None:
    place.write("settings/dev-defaults.ncl", f'let G = import "groundplan.ncl" in {body} | G.Settings')
    name = "a_name_that_takes_more_room_than_the_name_of_any_provider"
    place.write("workspace.toml", f'environment = "dev"\n[values]\n{name} = "demo"\n')
    place.load()


def test_the_guide_shows_what_loads(place: Place) -> None:
    guide = (Path(__file__).parents[3] / "knowledge" / "guides" / "settings.md").read_text("utf-8")
    place.write("shared/sizes.json", '{"dev": "small"}')
    place.write("settings/dev-defaults.ncl", guide.partition("```nickel\n")[2].partition("```")[0])
    assert place.load(environment="dev").settings.values == {"size": "small", "host": "shop-small"}
