"""Five layers: which value holds, where it is from, and what is wrong, with its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.model.errors import ManifestInvalid
from engine.settings.load import SettingsLoader, Wanted
from engine.settings.resolve import Resolved
from engine.settings.variables import variable_of

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


class Place:
    """A home and a workspace's folder to write into."""

    def __init__(self, root: Path) -> None:
        self.home, self.folder = root / "home", root / "shop"
        self.home.mkdir()
        (self.folder / "settings").mkdir(parents=True)

    def write(self, file: str, text: str) -> Path:
        path = (self.home if file == "config.toml" else self.folder) / file
        path.write_text(text, encoding="utf-8")
        return path

    def load(self, variables: Mapping[str, str] | None = None, **arguments: Any) -> Resolved:
        wanted = Wanted(self.folder, "shop", arguments.pop("environment", ""), arguments)
        return SettingsLoader(self.home, variables or {}).load(wanted)

    def refused(self, variables: Mapping[str, str] | None = None, **arguments: Any) -> list[str]:
        with pytest.raises(ManifestInvalid) as refusal:
            self.load(variables, **arguments)
        return [str(each).replace(str(self.home), "~") for each in refusal.value.problems]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_every_layer_hides_those_below_it(place: Place) -> None:
    key = {"GROUNDPLAN_PLANNING__PROVIDER": "by-variable"}
    assert place.load().settings.planning.provider == ""
    place.write("config.toml", '[planning]\nprovider = "by-home"\n')
    assert place.load().settings.planning.provider == "by-home"
    place.write("settings/prod-defaults.toml", '[planning]\nprovider = "by-environment"\n')
    assert place.load(environment="prod").settings.planning.provider == "by-environment"
    place.write("workspace.toml", 'name = "shop"\nenvironment = "prod"\n[planning]\nprovider = "by-workspace"\n')
    assert place.load().settings.planning.provider == "by-workspace"
    assert place.load(key).settings.planning.provider == "by-variable"
    assert place.load(key, planning={"provider": "by-argument"}).settings.planning.provider == "by-argument"


@pytest.mark.parametrize("ending", ["toml", "yaml", "json"])
def test_the_environment_of_a_workspace_chooses_its_defaults(place: Place, ending: str) -> None:
    texts = {
        "toml": "[values]\nsize = 'small'\n",
        "yaml": "values:\n  size: small\n",
        "json": '{"values": {"size": "small"}}',
    }
    place.write(f"settings/dev-defaults.{ending}", texts[ending])
    place.write("workspace.toml", 'environment = "dev"\n')
    assert place.load().settings.values == {"size": "small"}
    assert place.load(environment="prod").settings.values == {}
    assert place.load(environment="prod").settings.environment == "prod"


def test_variables_are_read_as_their_settings_type(place: Place) -> None:
    found = place.load({
        "GROUNDPLAN_WORKER__LEASE_SECONDS": "30", "GROUNDPLAN_INDEX__DOWNLOAD": "true",
        "GROUNDPLAN_CONSENT__LOW": '["page"]', "GROUNDPLAN_HOME": "/elsewhere", "GROUNDPLAN_TEST_POSTGRES": "x",
    })  # fmt: skip
    assert found.settings.worker.lease_seconds == 30.0
    assert found.settings.index.download is True
    assert [each.value for each in found.settings.consent.low] == ["page"]


def test_templates_are_worked_out_where_they_are_asked_for(place: Place) -> None:
    place.write("config.toml", '[interpolation]\nvariables = ["REGION"]\n')
    place.write("workspace.toml", (
        '[values]\nregion = "{{ env.REGION }}"\nhost = "{{ settings.values.name }}.{{settings.values.region}}"\n'
        'name = "{{ workspace.name }}"\nport = 5432\nsame = "{{ settings.values.port }}"\nbraces = \'a {{ "{{" }} b\'\n'
        'list = ["{{ settings.values.port }}", "x"]\n'
    ))  # fmt: skip
    values = place.load({"REGION": "fi-hel1 {{ env.HOME }}"}).settings.values
    assert values["host"] == "shop.fi-hel1 {{ env.HOME }}", "what a variable holds is no template"
    assert values["same"] == 5432
    assert values["braces"] == "a {{ b"
    assert values["list"] == [5432, "x"]


@pytest.mark.promise("SETTINGS-1")
def test_what_came_as_an_argument_or_a_variable_is_never_interpolated(place: Place) -> None:
    text = "{{ env.HOME }}"
    found = place.load({"HOME": "/root", "GROUNDPLAN_PLANNING__PROVIDER": text}, values={"sent": text})
    assert found.settings.values["sent"] == text
    assert found.settings.planning.provider == text


@pytest.mark.promise("SETTINGS-1")
def test_a_workspace_reads_no_variable_that_the_home_does_not_allow(place: Place) -> None:
    place.write(
        "workspace.toml", '[values]\nkey = "{{ env.AWS_SECRET_ACCESS_KEY }}"\n[interpolation]\nvariables = ["A"]\n'
    )
    told = place.refused({"AWS_SECRET_ACCESS_KEY": "s3cr3t-value"})
    assert told == [
        "workspace.toml:2:1: values.key: The home does not allow env.AWS_SECRET_ACCESS_KEY. Add it to "
        "interpolation.variables in the home's config.toml: AWS_SECRET_ACCESS_KEY.",
        "workspace.toml:4:1: interpolation.variables: A workspace can't say this: it may be a copy of somebody else's. "
        "Write it into the home's config.toml, or set GROUNDPLAN_INTERPOLATION__VARIABLES.",
    ]
    assert "s3cr3t" not in str(told)


WRONG = {
    "an unknown key": ("valuess = 1", "workspace.toml:1:1: valuess: There is no such setting. Did you mean values?"),
    "a wrong type": ("[planning]\nprovider = 5", "workspace.toml:2:1: planning.provider: Input should be a valid string. It takes: text, characters, at most 63."),
    "a key of the home": ("[worker]\nlease_seconds = 1", "workspace.toml:2:1: worker.lease_seconds: A workspace can't say this: it may be a copy of somebody else's. Write it into the home's config.toml, or set GROUNDPLAN_WORKER__LEASE_SECONDS."),
    "a ring of two": ('[values]\na = "{{ settings.values.b }}"\nb = "x{{ settings.values.a }}"', "workspace.toml:2:1: values.a: It refers to itself: values.a → values.b → values.a. Break the ring."),
    "a ring of one": ('[values]\na = "{{ settings.values }}"', "workspace.toml:2:1: values.a: It refers to itself: values.a → values → values.a. Break the ring."),
    "an unknown template": ('[values]\na = "{{ evn.HOME }}"', "workspace.toml:2:1: values.a: 'evn.HOME' means nothing here. It can be env.NAME, workspace.name, workspace.environment, settings.KEY, now or \"{{\"."),
    "a setting that is not set": ('[values]\nport = 1\na = "{{ settings.values.prot }}"', "workspace.toml:3:1: values.a: settings.values.prot is not set. Did you mean values.port?"),
    "a fact that is none": ('[values]\na = "{{ workspace.nam }}"', "workspace.toml:2:1: values.a: workspace.nam is not known. Did you mean name?"),
    "a variable that is not set": ('[values]\na = "{{ env.HOME }}"', "workspace.toml:2:1: values.a: The environment variable HOME is not set. Set it, or write the value."),
    "a table in a text": ('[values]\nt = {x = 1}\na = "a {{ settings.values.t }}"', "workspace.toml:3:1: values.a: settings.values.t is no single value. Name one setting, or let it stand alone."),
    "bad syntax": ("[values\n", "workspace.toml:1:8: This is not TOML: Expected ']' at the end of a table declaration."),
    "an environment that is a path": ('environment = "../x"', "workspace.toml:1:1: environment: String should match pattern '^$|^[a-z][a-z0-9-]{0,38}$'. It takes: text."),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_can_not_be_meant_is_told_with_place_and_remedy(place: Place, what: str) -> None:
    text, told = WRONG[what]
    place.write("workspace.toml", text)
    assert place.refused()[0].startswith(told.rstrip())


def test_a_misspelt_variable_is_an_error_too(place: Place) -> None:
    (told,) = place.refused({variable_of(("worker", "lease_second")): "3"})
    assert told.startswith(
        "the process's environment: GROUNDPLAN_WORKER__LEASE_SECOND: There is no such setting. Did you"
    )


def test_all_problems_of_all_layers_are_told_at_once(place: Place) -> None:
    place.write("config.toml", "plan_seconds = 99\n")
    place.write("workspace.toml", 'environment = "dev"\n[planning]\nprovder = "x"\n')
    place.write("settings/dev-defaults.toml", '[values]\na = "{{ nothing }}"\n')
    told = place.refused()
    assert [each.split(":")[0] for each in told] == ["~/config.toml", "settings/dev-defaults.toml", "workspace.toml"]


def test_two_files_of_one_environments_defaults_are_refused(place: Place) -> None:
    place.write("settings/dev-defaults.toml", "")
    place.write("settings/dev-defaults.yaml", "")
    (told,) = place.refused(environment="dev")
    assert "An environment has its defaults in one file." in told


def test_a_link_out_of_the_workspace_is_not_followed(place: Place, tmp_path: Path) -> None:
    (tmp_path / "outside.toml").write_text('secret = "value"\n')
    (place.folder / "workspace.toml").symlink_to(tmp_path / "outside.toml")
    (told,) = place.refused()
    assert told.startswith("workspace.toml: It is a link that leaves the workspace.")


def test_growth_by_templates_is_bounded(place: Place) -> None:
    steps = "".join(
        f'v{n} = "{{{{ settings.values.v{n - 1} }}}}{{{{ settings.values.v{n - 1} }}}}"\n' for n in range(1, 40)
    )
    place.write("workspace.toml", f'[values]\nv0 = "{"x" * 1000}"\n{steps}')
    assert any("longer than 64 KiB" in each for each in place.refused())


def test_a_file_is_read_again_only_when_it_moved(place: Place) -> None:
    place.write("workspace.toml", "[values]\na = 1\n")
    loader, wanted = SettingsLoader(place.home, {}), Wanted(place.folder, "shop")
    first = loader.load(wanted)
    assert loader.load(wanted) is first
    place.write("workspace.toml", "[values]\na = 22\n")
    assert loader.load(wanted).settings.values == {"a": 22}
    place.write("config.toml", "plan_seconds = 7\n")
    assert loader.load(wanted).settings.plan_seconds == 7
