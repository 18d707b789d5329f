"""What the pages show as examples works: manifests plan, calls fit their tool, commands fit their options."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.facade import Engine
from engine.manifest import parse
from engine.model.principal import Principal
from engine.model.request import PlanChange, PlanWorkspace
from engine.model.unified import UNIFIED
from engine.planner.unfold import unfold
from engine.registry.providers import offers, provider_kind, provider_names
from engine.settings.home import HomeSettings
from engine.settings.load import SettingsLoader
from reference.commands import leaves
from reference.page import example, words
from server.tools.offer import tool_of
from server.tools.selection import OFFERS

BY = Principal(user="ada", door="cli")
ON_DEMO = [*UNIFIED, "provider-demo"]
LEAVES = {leaf.words: leaf for leaf in leaves()}
CALLS = {offer.name: offer for offer in OFFERS}


@pytest.mark.parametrize("name", ON_DEMO)
async def test_the_manifest_of_a_type_plans_on_demo(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    (folder / "infra").mkdir(parents=True)
    (folder / "workspace.toml").write_text('name = "shop"\n')
    (folder / "infra" / "main.yaml").write_text(example(name))
    engine = Engine.open(tmp_path / "home", {})
    try:
        registered = await engine.propose(None, PlanWorkspace("register", "shop", str(folder)), BY)
        assert registered.plan
        engine._workspaces.add("shop", folder)
        made = (await engine.propose("shop", PlanChange(), BY)).plan
    finally:
        engine.close()
    assert made
    declared = yaml.safe_load(example(name))["resources"]
    assert {change.address.partition(".")[0] for change in made.effective} == set(declared)


@pytest.mark.parametrize("name", provider_names())
def test_the_manifest_of_a_provider_is_valid(name: str) -> None:
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdGhpcyBpcyBhIGRvY3VtZW50YXRpb24ga2V5ISEh shop"
    declared = parse({"infra/main.yaml": example(f"provider-{name}")}, offers())
    assert {each.provider for each in unfold(declared, offers(), key).values()} == {name}


@pytest.mark.parametrize("name", CALLS)
def test_the_call_that_a_tools_page_shows_fits_the_tool(name: str) -> None:
    arguments = json.loads(words("tools")[name]["example"])
    given = tool_of(CALLS[name]).fn_metadata.arg_model.model_validate(arguments)
    assert set(arguments) <= set(given.model_fields_set)


@pytest.mark.parametrize("name", LEAVES)
def test_the_examples_of_a_command_use_options_that_there_are(name: str) -> None:
    leaf = LEAVES[name]
    known = {option for each in leaf.command.params for option in each.opts}
    for each in words("commands")[leaf.slug]["examples"]:
        told = shlex.split(each["run"].partition(" | ")[0])
        assert name in " ".join(told)
        assert [word for word in told if word.startswith("-") and word not in known] == []


def test_the_settings_that_pages_show_are_accepted(tmp_path: Path) -> None:
    shown = [each for name, each in words("settings").items() if isinstance(each, dict) and name != "workspace"]
    for number, each in enumerate(table for table in shown if "example" in table):
        home = tmp_path / str(number)
        home.mkdir()
        (home / "config.toml").write_text(each["example"])
        settings: Any = SettingsLoader(home, {}).load().settings
        assert isinstance(settings, HomeSettings)
        for name, table in settings.providers.items():
            provider_kind(name).settings.model_validate(table)
