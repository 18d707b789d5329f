"""Five layers: which value holds, where it is from, and what is wrong, with its place."""

from __future__ import annotations

import pytest

from engine.settings.account import settings_of
from engine.settings.load import SettingsLoader, Wanted
from tests.unit.settings.place import Place


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


def test_a_file_is_read_again_only_when_it_moved(place: Place) -> None:
    place.write("workspace.toml", "[values]\na = 1\n")
    loader, wanted = SettingsLoader(place.home, {}), Wanted(place.folder, "shop")
    first = loader.load(wanted)
    assert loader.load(wanted) is first
    place.write("workspace.toml", "[values]\na = 22\n")
    assert loader.load(wanted).settings.values == {"a": 22}
    place.write("config.toml", "plan_seconds = 7\n")
    assert loader.load(wanted).settings.plan_seconds == 7


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("worker.lease_seconds", ["worker.lease_seconds"]), ("planning", ["planning.provider"]),
        ("planning environment", ["environment", "planning.provider"]), ("LEASE_SECONDS", ["worker.lease_seconds"]),
        ("sign of life", ["worker.lease_seconds"]), ("planning nothing-like-it", []),
    ],
)  # fmt: skip
def test_a_query_names_keys_or_is_words_of_a_description(place: Place, query: str, keys: list[str]) -> None:
    assert [each.key for each in settings_of(place.load(), query)] == keys
