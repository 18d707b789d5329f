"""Reading, completing and following resources; prompts."""

from __future__ import annotations

import json
from typing import Any

import anyio
import pytest
from mcp import Client, MCPError
from mcp.shared.exceptions import MCPDeprecationWarning
from mcp_types import PromptReference, ResourceTemplateReference, TextResourceContents

from server.app import Office
from server.resources import addresses
from tests.scenario.knowledge.played import play
from tests.scenario.mcp.doors import client_at
from tests.scenario.mcp.test_every_tool_answers import answer_of, confirm_elsewhere


async def read(client: Client, uri: str) -> dict[str, Any]:
    (content,) = (await client.read_resource(uri)).contents
    assert isinstance(content, TextResourceContents)
    assert content.mime_type == "application/json"
    return json.loads(content.text)


async def applied(client: Client, office: Office) -> dict[str, Any]:
    plan = await answer_of(client, "plan_change")
    confirm_elsewhere(office, plan["plan_id"])
    found = await answer_of(client, "get_plan", plan_id=plan["plan_id"])
    return await answer_of(client, "get_run", run_id=found["run_id"], wait_seconds=20)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_every_kind_of_resource_can_be_read(office: Office, mode: Any) -> None:
    async with client_at("memory", office, mode=mode) as client:
        run = await applied(client, office)
        home = "groundplan://workspaces/demo"
        assert (await read(client, "groundplan://workspaces"))["workspaces"][0]["name"] == "demo"
        assert (await read(client, home))["resources"] > 0
        assert (await read(client, f"{home}/plans/{run['plan_id']}"))["run_id"] == run["run_id"]
        assert (await read(client, f"{home}/runs/{run['run_id']}"))["status"] == "succeeded"
        assert (await read(client, f"{home}/resources/network.private"))["provider"] == "demo"
        assert len((await client.list_resource_templates()).resource_templates) == 7


async def test_what_belongs_to_another_workspace_is_not_found(office: Office) -> None:
    async with client_at("memory", office) as client:
        run = await applied(client, office)
        with pytest.raises(MCPError, match="no run"):
            await read(client, f"groundplan://workspaces/other/runs/{run['run_id']}")


async def test_names_ids_and_addresses_are_completed(office: Office) -> None:
    async with client_at("memory", office) as client:
        run = await applied(client, office)

        async def offered(template: str, name: str, value: str) -> list[str]:
            reference = ResourceTemplateReference(uri=template)
            result = await client.complete(
                reference, {"name": name, "value": value}, context_arguments={"name": "demo"}
            )
            return result.completion.values

        assert await offered(addresses.WORKSPACE, "name", "de") == ["demo"]
        assert await offered(addresses.RUN, "id", "run") == [run["run_id"]]
        assert run["plan_id"] in await offered(addresses.PLAN, "id", "")
        assert "network.private" in await offered(addresses.RESOURCE, "address", "network.")
        result = await client.complete(PromptReference(name="diagnose_failure"), {"name": "run_id", "value": ""})
        assert result.completion.values == [run["run_id"]]


async def test_a_listening_client_is_told_when_a_plan_is_confirmed(office: Office) -> None:
    async with client_at("memory", office) as client:
        plan = await answer_of(client, "plan_change")
        uri = f"groundplan://workspaces/demo/plans/{plan['plan_id']}"
        async with client.listen(resource_subscriptions=[uri]) as events:
            confirm_elsewhere(office, plan["plan_id"])
            with anyio.fail_after(20):
                event = await anext(aiter(events))
    assert getattr(event, "uri", "") == uri


async def test_an_older_client_is_told_when_a_plan_is_confirmed(office: Office) -> None:
    told, heard = list[str](), anyio.Event()

    async def hear(message: Any) -> None:
        params = getattr(getattr(message, "root", message), "params", None)
        if uri := getattr(params, "uri", None):
            told.append(str(uri))
            heard.set()

    async with client_at("memory", office, mode="legacy", message_handler=hear) as client:
        plan = await answer_of(client, "plan_change")
        uri = f"groundplan://workspaces/demo/plans/{plan['plan_id']}"
        with pytest.warns(MCPDeprecationWarning):
            await client.subscribe_resource(uri)  # pyright: ignore[reportDeprecated]
        confirm_elsewhere(office, plan["plan_id"])
        with anyio.fail_after(20):
            await heard.wait()
    assert told[0] == uri


async def test_progress_is_reported_while_a_run_is_waited_for(office: Office) -> None:
    seen: list[float] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        assert total
        assert message
        seen.append(progress)

    async with client_at("memory", office) as client:
        plan = await answer_of(client, "plan_change")
        confirm_elsewhere(office, plan["plan_id"])
        run_id = (await answer_of(client, "get_plan", plan_id=plan["plan_id"]))["run_id"]
        await client.call_tool("get_run", {"run_id": run_id, "wait_seconds": 20}, progress_callback=note)
    assert seen == sorted(set(seen))
    assert seen


async def test_the_prompts_are_listed_with_their_arguments_and_render(office: Office) -> None:
    async with client_at("memory", office) as client:
        listed = {each.name: each for each in (await client.list_prompts()).prompts}
        assert listed.keys() == {
            "plan_environment", "review_plan", "diagnose_failure", "harden_server", "prepare_migration", "write_runbook",
            "onboard_newcomer",
        }  # fmt: skip
        assert [(each.name, each.required) for each in listed["plan_environment"].arguments or []] == [
            ("goal", True),
            ("workspace", False),
        ]
        play(office)
        result = await client.get_prompt("plan_environment", {"goal": "three {{ 7*7 }} servers"})
    text = getattr(result.messages[0].content, "text", "")
    assert "> three {{ 7*7 }} servers" in text
