"""Settings over MCP: which value holds and where it is from, small, and with nothing that should stay hidden."""

from __future__ import annotations

from pathlib import Path

import pytest
from mcp.client import Client

from rag.chunk.tokens import count
from server.app import Office
from tests.scenario.mcp.doors import client_at
from tests.scenario.mcp.test_errors_and_limits import refusal_of
from tests.scenario.mcp.test_every_tool_answers import answer_of, confirm_elsewhere


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


@pytest.mark.parametrize("door", ["memory", "stdio"])
async def test_an_assistant_checks_completes_and_proposes_settings_and_a_person_decides(
    door: str, office: Office
) -> None:
    wanted = {"planning": {"provider": "demo"}, "worker.runs_at_once": 8}
    async with client_at(door, office) as client:
        wrong = await answer_of(client, "validate_settings", config={"worker": {"runs_at_once": 0}, "planing": {}})
        right = await answer_of(client, "validate_settings", config=wanted)
        whole = await answer_of(client, "complete_settings", partial=wanted)
        plan = await answer_of(client, "plan_settings", changes={"planning.provider": "demo", "worker.runs_at_once": 8})
        before = await answer_of(client, "get_settings", query="planning.provider")
        confirm_elsewhere(office, plan["plan_id"])
        office.engine().start_worker()
        await _ended(client, plan["plan_id"])
        after = await answer_of(client, "get_settings", query="planning.provider")
    assert sorted(wrong["problems"], key=lambda each: each["place"]) == [
        {"place": "planing", "message": "There is no such setting.", "remedy": "Did you mean planning?"},
        {
            "place": "worker.runs_at_once",
            "message": "This is too small.",
            "remedy": "It takes: whole number, at least 1, at most 64.",
        },
    ]
    assert (right["valid"], right["problems"], right["home_only"]) == (True, [], ["worker.runs_at_once"])
    reasons = {each["key"]: each["reason"] for each in whole["settings"]}
    assert reasons["planning.provider"] == reasons["worker.runs_at_once"] == "given"
    assert reasons["worker.retry_attempts"] == "built-in"
    assert count(str(whole["settings"])) < 1_500
    assert [each["address"] for each in plan["changes"]] == ["settings:workspace.toml", "settings:config.toml"]
    assert (before["settings"][0].get("value"), after["settings"][0]["value"]) == ("", "demo")


async def test_what_only_one_answer_fits_is_inferred_with_its_reason(office: Office) -> None:
    folder = Path(office.engine().workspace("demo").path)
    (folder / "settings").mkdir()
    (folder / "settings" / "dev-defaults.toml").write_text("[values]\nsize = 'tiny'\n")
    async with client_at("memory", office) as client:
        told = await answer_of(client, "complete_settings", partial={})
    found = {each["key"]: (each.get("value"), each["reason"]) for each in told["settings"]}
    assert found["environment"] == ("dev", "inferred: settings/ has defaults of this environment alone")
    assert found["planning.provider"] == ("demo", "inferred: the workspace uses this provider alone")
    assert found["values.size"] == ("tiny", "settings/dev-defaults.toml:2")


@pytest.mark.parametrize(
    "config",
    [
        {"worker": "x" * 70_000}, {"a": {"b": {"c": [{}] * 50}}}, {"": {}}, {".": 1}, {"worker.": 2},
        {"values": {"a\x00": 1}}, {"values": {"$ref": 1}}, {"worker": None},
    ],
)  # fmt: skip
async def test_whatever_is_sent_is_answered_with_what_is_wrong(office: Office, config: dict[str, object]) -> None:
    async with client_at("memory", office) as client:
        told = await answer_of(client, "validate_settings", config=config)
    assert not told["valid"]
    assert told["problems"]


async def _ended(client: Client, plan_id: str) -> None:
    run_id = (await answer_of(client, "get_plan", plan_id=plan_id))["run_id"]
    run = await answer_of(client, "get_run", run_id=run_id, wait_seconds=20)
    assert run["status"] == "succeeded"
