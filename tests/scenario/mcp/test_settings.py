"""Settings over MCP: which value holds and where it is from, small, and with nothing that should stay hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.chunk.tokens import count
from server.app import Office
from tests.scenario.mcp.doors import client_at
from tests.scenario.mcp.test_errors_and_limits import refusal_of
from tests.scenario.mcp.test_every_tool_answers import answer_of


def _write(office: Office, text: str) -> None:
    Path(office.engine().workspace("demo").path, "workspace.toml").write_text(text)


@pytest.mark.parametrize("door", ["memory", "stdio"])
async def test_one_setting_comes_with_every_layer_and_a_list_with_where_each_is_from(door: str, office: Office) -> None:
    _write(office, 'name = "demo"\n[planning]\nprovider = "demo"\n')
    async with client_at(door, office) as client:
        one = await answer_of(client, "get_settings", query="planning.provider")
        many = await answer_of(client, "get_settings")
    (setting,) = one["settings"]
    assert (setting["value"], setting["source"]) == ("demo", "workspace.toml:3")
    assert setting["says"] == ["workspace.toml:3: demo", "built-in: "]
    assert many["total"] == len(many["settings"]) > 20
    assert "says" not in many["settings"][0]
    assert count(str(many["settings"])) < 1_500


async def test_what_may_hold_a_password_is_not_shown(office: Office) -> None:
    (office.home / "config.toml").write_text('[index]\nembedder_url = "https://ada:hunter2@models.example"\n')
    async with client_at("memory", office) as client:
        told = await answer_of(client, "get_settings", query="embedder_url")
    assert told["settings"][0]["value"] == "set (not shown)"
    assert "hunter2" not in str(told)


async def test_settings_that_can_not_be_meant_are_refused_with_place_and_remedy(office: Office) -> None:
    _write(office, 'name = "demo"\n[planing]\nprovider = "demo"\n')
    text = await refusal_of(office, "get_settings")
    assert "workspace.toml:2:2: planing: There is no such setting. Did you mean planning?" in text


async def test_a_workspace_that_is_not_there_is_named(office: Office) -> None:
    assert "No workspace is called 'nope'" in await refusal_of(office, "get_settings", workspace="nope")
