"""Workspaces over MCP: renamed, imported, promoted, each only after a person's yes at another door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from server.app import Office
from tests.scenario.mcp.doors import client_at
from tests.scenario.mcp.test_errors_and_limits import refusal_of
from tests.scenario.mcp.test_every_tool_answers import LAN, answer_of, confirm_elsewhere
from tests.scenario.workspaces.files import write


async def carried_out(client: Client, office: Office, tool: str, **arguments: Any) -> dict[str, Any]:
    """The run of what a tool proposed, after a person's yes."""
    proposed = await answer_of(client, tool, **arguments)
    confirm_elsewhere(office, proposed["plan_id"])
    confirmed = await answer_of(client, "get_plan", plan_id=proposed["plan_id"], wait_seconds=20)
    run = await answer_of(client, "get_run", run_id=confirmed["run_id"], wait_seconds=20)
    assert run["status"] == "succeeded", run
    return run


@pytest.mark.parametrize("door", ["memory", "stdio"])
async def test_a_workspace_is_renamed_and_is_known_by_its_new_name(office: Office, door: str) -> None:
    async with client_at(door, office) as client:
        await carried_out(client, office, "plan_change", edits=[LAN])
        proposed = await answer_of(client, "plan_workspace", op="rename", name="demo", value="shop")
        assert proposed["files"] == ["workspace.toml"]
        assert {each["name"] for each in (await answer_of(client, "list_workspaces"))["workspaces"]} == {"demo"}
        confirm_elsewhere(office, proposed["plan_id"])
        run_id = (await answer_of(client, "get_plan", plan_id=proposed["plan_id"], wait_seconds=20))["run_id"]
        run = await answer_of(client, "get_run", run_id=run_id, wait_seconds=20)
        assert (run["status"], run["workspace"]) == ("succeeded", "shop")
        found = await answer_of(client, "find_resources", workspace="shop")
        assert "network.lan" in [each["address"] for each in found["resources"]]


async def test_staging_is_promoted(office: Office) -> None:
    async with client_at("memory", office) as client:
        await carried_out(client, office, "plan_workspace", op="create", name="prod")
        await carried_out(client, office, "plan_change", workspace="demo", edits=[LAN])
        for name in ("demo", "prod"):
            write(office.engine(), name, "workspace.toml", f'name = "{name}"\nproject = "shop"\n')
        proposed = await answer_of(client, "plan_change", workspace="prod", promote_from="demo")
        assert (proposed["workspace"], proposed["files"]) == ("prod", ["infra/main.yaml"])
        assert "network.lan" in [each["address"] for each in proposed["changes"]]
    said = await refusal_of(office, "plan_change", workspace="prod", promote_from="nope")
    assert "No workspace is called 'nope'" in said


async def test_a_bundle_is_imported_and_what_is_none_is_refused_in_words(office: Office, tmp_path: Path) -> None:
    engine = office.engine()
    engine.export("demo", tmp_path / "demo.tar.gz", office.person("cli"))
    other = Office(tmp_path / "other", {"PATH": "/usr/bin:/bin"})
    other.engine().start_worker()
    bundle = str(tmp_path / "demo.tar.gz")
    async with client_at("memory", other) as client:
        await carried_out(client, other, "plan_workspace", op="import", name="", value=bundle)
        assert {each["name"] for each in (await answer_of(client, "list_workspaces"))["workspaces"]} == {"demo"}
    for wrong, said in (("", "not an absolute path"), ("/etc/passwd", "no bundle that can be taken")):
        refused = await refusal_of(other, "plan_workspace", op="import", name="second", value=wrong)
        assert said in refused
        assert "root:" not in refused
    other.close()
