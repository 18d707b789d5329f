"""Every tool answers at every door, in both eras, and says which workspace, account and region it speaks of."""

from __future__ import annotations

from typing import Any

import pytest
from mcp import Client

from engine.model.confirmation import Channel, Confirmation
from server.app import Office
from tests.scenario.mcp.doors import client_at

LAN = {"op": "set", "address": "network.lan", "value": {"cidr": "10.77.0.0/16"}}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("door", ["memory", "stdio", "http"])
async def test_every_tool_answers(office: Office, door: str, mode: Any) -> None:
    async with client_at(door, office, mode=mode) as client:
        offered = {tool.name for tool in (await client.list_tools()).tools}
        answered = await walk(client, office)
    assert answered.keys() == offered
    for name, answer in answered.items():
        assert answer["workspace"], name
    assert answered["find_resources"]["accounts"] == [
        {"provider": "demo", "account": "demo-account", "region": "demo-1"}
    ]


async def walk(client: Client, office: Office) -> dict[str, dict[str, Any]]:
    """The story of a network, by way of every tool; answers by the tool's name."""
    told: dict[str, dict[str, Any]] = {}

    async def call(tool: str, **arguments: Any) -> dict[str, Any]:
        told[tool] = await answer_of(client, tool, **arguments)
        return told[tool]

    proposed = await call("plan_change", edits=[LAN])
    unasked = await client.call_tool("apply_plan", {"plan_id": proposed["plan_id"]})
    assert "confirm" in str(unasked.content)
    told["apply_plan"] = proposed
    confirm_elsewhere(office, proposed["plan_id"])
    confirmed = await call("get_plan", plan_id=proposed["plan_id"], wait_seconds=20)
    run = await call("get_run", run_id=confirmed["run_id"], wait_seconds=20)
    assert run["status"] == "succeeded", run
    for tool in (
        "list_workspaces",
        "get_workspace",
        "find_resources",
        "describe",
        "check_drift",
        "get_settings",
        "recommend_platform",
        "recommend_sizing",
        "list_plans",
        "list_runs",
    ):
        await call(tool)
    await call("get_resource", address="network.lan")
    assert (await call("search_knowledge", query="how do I adopt an existing network"))["passages"]
    await call("explain_failure", text="quota exceeded")
    await call("get_mode_defaults", mode="solo")
    await call("recommend_services", purpose="database")
    await call("plan_destroy", addresses=["network.lan"])
    await call("plan_rollback", run_id=run["run_id"])
    await call("plan_workspace", op="create", name="second")
    await call("plan_settings", changes={"values.size": "small"})
    await call("validate_settings", config={"values": {"size": "small"}})
    await call("complete_settings", partial={"values": {"size": "small"}})
    over = await call("plan_run", op="resume", run_id=run["run_id"])
    assert not over["changes"]
    return told


async def answer_of(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


def confirm_elsewhere(office: Office, plan_id: str) -> None:
    """A person says yes at another door."""
    engine = office.engine()
    plan = engine.plan(plan_id).plan
    assert plan is not None
    engine.apply(Confirmation(plan_id, plan.digest, Channel.TERMINAL, office.person("cli")))
