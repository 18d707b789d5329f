"""“Set this up for our pipelines”: an assistant at a real door goes from a mode to written settings, a person decides."""

from __future__ import annotations

import pytest

from server.app import Office
from tests.scenario.mcp.doors import client_at
from tests.scenario.mcp.test_every_tool_answers import answer_of, confirm_elsewhere


@pytest.mark.parametrize("door", ["stdio", "http"])
async def test_from_a_mode_to_settings_in_force_by_way_of_the_seven_tools(door: str, office: Office) -> None:
    config = office.home / "config.toml"
    text = "# Ours\n[worker]\nretry_attempts = 3 # enough\n"
    config.write_text(text)
    async with client_at(door, office) as client:
        mode = await answer_of(client, "get_mode_defaults", mode="cicd")
        wanted = {key: value for key, value in mode["defaults"]["settings"].items() if key != "database"}
        assert (await answer_of(client, "validate_settings", config=wanted))["valid"]
        whole = await answer_of(client, "complete_settings", partial=wanted)
        assert {each["key"] for each in whole["settings"] if each["reason"] == "given"} == wanted.keys()
        before = await answer_of(client, "get_settings", query="worker.runs_at_once")
        plan = await answer_of(client, "plan_settings", changes=wanted)
        assert {each["path"]: each["after"] for each in plan["changes"][0]["diff"]} == wanted
        assert any("restart what runs" in each for each in plan["warnings"])
        unasked = await client.call_tool("apply_plan", {"plan_id": plan["plan_id"]})
        assert "confirm" in str(unasked.content)
        assert config.read_text() == text
        confirm_elsewhere(office, plan["plan_id"])
        run_id = (await answer_of(client, "get_plan", plan_id=plan["plan_id"], wait_seconds=20))["run_id"]
        run = await answer_of(client, "get_run", run_id=run_id, wait_seconds=20)
        assert run["status"] == "succeeded"
        after = await answer_of(client, "get_settings", query="worker.runs_at_once")
        platform = await answer_of(client, "recommend_platform")
        services = await answer_of(client, "recommend_services", purpose="cicd")
        sizing = await answer_of(
            client, "recommend_sizing", services=[f"ci: {', '.join(mode['defaults']['services'])}"]
        )
    assert before["settings"][0]["value"] != after["settings"][0]["value"] == wanted["worker.runs_at_once"]
    assert config.read_text().startswith("# Ours\n[worker]\nretry_attempts = 8 # enough\n")
    assert "demo" in str(platform["platforms"])
    assert "postgres" in str(services["services"])
    assert "EUR a month" in str(sizing)
