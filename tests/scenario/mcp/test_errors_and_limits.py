"""Mistakes come back as facts with a next move; answers stay small; text from elsewhere is harmless."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from mcp_types import TextContent

from server.app import Office
from tests.scenario.mcp.doors import client_at
from tests.scenario.mcp.test_every_tool_answers import answer_of


async def refusal_of(office: Office, tool: str, **arguments: Any) -> str:
    async with client_at("memory", office) as client:
        result = await client.call_tool(tool, arguments)
    assert result.is_error
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def _demand(office: Office, rule: str) -> None:
    file = Path(office.engine().workspace("demo").path, "policies", "rules.yaml")
    file.parent.mkdir()
    file.write_text(f"rules:\n- {rule}\n")


async def test_a_wrong_property_names_its_place_and_the_remedy(office: Office) -> None:
    text = await refusal_of(
        office, "plan_change", edits=[{"op": "set", "address": "network.lan", "value": {"cdir": "10.0.0.0/16"}}]
    )
    assert "cidr" in text
    assert "infra/main.yaml" in text


async def test_a_denial_by_a_rule_of_the_workspace_carries_an_edit_that_plan_change_takes(office: Office) -> None:
    _demand(office, "{name: small-ones, when: {type: server}, require: {sizes: [small]}}")
    large = {"op": "set", "address": "server.web", "value": {"image": "debian-12", "size": "large"}}
    text = await refusal_of(office, "plan_change", edits=[large])
    assert "server.web: size is large; allowed are small (rule small-ones). Write size: small." in text
    suggested = json.loads(text.partition("As an edit: ")[2].partition("\n")[0].rpartition("}")[0] + "}")
    async with client_at("memory", office) as client:
        answer = await answer_of(client, "plan_change", edits=[large, suggested])
    assert answer["summary"]["create"] >= 1


async def test_an_unknown_run_names_the_tool_to_call_next(office: Office) -> None:
    assert "list_runs" in await refusal_of(office, "get_run", run_id="run-none")


async def test_an_unexpected_error_keeps_its_words_to_itself(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(office.engine(), "runs", broken)
    assert await refusal_of(office, "list_runs") == "Error executing tool list_runs"


async def test_a_large_plan_comes_in_parts_that_hold_every_change_once(office: Office) -> None:
    many = {"op": "set", "address": "ssh_key.many", "value": {"count": 120, "public_key": KEY}}
    async with client_at("memory", office) as client:
        answer = await answer_of(client, "plan_change", edits=[many])
        assert answer["summary"]["create"] >= 120
        seen = [each["address"] for each in answer["changes"]]
        while cursor := answer.get("cursor"):
            assert len(answer["changes"]) <= 50
            answer = await answer_of(client, "get_plan", plan_id=answer["plan_id"], cursor=cursor)
            seen += [each["address"] for each in answer["changes"]]
    assert len(seen) == len(set(seen)) >= 120


async def test_a_cursor_that_no_answer_gave_out_is_refused(office: Office) -> None:
    async with client_at("memory", office) as client:
        plan = await answer_of(client, "plan_change")
    assert "cursor" in await refusal_of(office, "get_plan", plan_id=plan["plan_id"], cursor="-1")


async def test_a_new_resource_shows_what_it_will_be(office: Office) -> None:
    async with client_at("memory", office) as client:
        plan = await answer_of(
            client, "plan_change", edits=[{"op": "set", "address": "network.lan", "value": {"cidr": "10.7.0.0/16"}}]
        )
    change = next(each for each in plan["changes"] if each["address"] == "network.lan")
    assert {"path": "cidr", "after": "10.7.0.0/16"} in change["diff"]


KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl tester"
