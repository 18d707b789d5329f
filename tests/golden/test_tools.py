"""What a model is given: a golden file per tool, reviewed like an API, and a budget in tokens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rag.chunk.tokens import count
from server.app import Office, build_server

FOLDER = Path(__file__).parent / "tools"
MODEL_BUDGET = 2_500
WIRE_BUDGET = 9_000
READ = {
    "list_workspaces", "get_workspace", "find_resources", "get_resource", "describe", "get_plan", "list_plans",
    "get_run", "list_runs", "check_drift", "search_knowledge", "explain_failure", "get_settings",
    "complete_settings", "validate_settings", "get_mode_defaults", "recommend_platform", "recommend_services",
    "recommend_sizing",
}  # fmt: skip
PROPOSE = {"plan_change", "plan_destroy", "plan_rollback", "plan_workspace", "plan_run", "plan_settings"}
ACT = {"apply_plan"}

Listed = list[dict[str, Any]]


async def listed(home: Path, **choice: Any) -> Listed:
    server = build_server(Office(home, {}), wake=False, **choice)
    return [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in await server.list_tools()]


@pytest.fixture
async def tools(tmp_path: Path) -> Listed:
    return await listed(tmp_path)


def tokens(value: Any) -> int:
    return count(json.dumps(value, separators=(",", ":")))


def test_each_tool_is_as_its_golden_file_says(tools: Listed, updating: bool) -> None:
    now = {f"{tool['name']}.json": json.dumps(tool, indent=2, ensure_ascii=False) + "\n" for tool in tools}
    if updating:
        FOLDER.mkdir(exist_ok=True)
        for old in FOLDER.glob("*.json"):
            old.unlink()
        for name, text in now.items():
            (FOLDER / name).write_text(text, encoding="utf-8")
    assert now == {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}


def test_the_tools_are_exactly_those_that_were_promised(tools: Listed) -> None:
    assert {tool["name"] for tool in tools} == READ | PROPOSE | ACT


async def test_the_list_is_the_same_every_time(tools: Listed, tmp_path: Path) -> None:
    assert json.dumps(tools) == json.dumps(await listed(tmp_path))


def test_what_a_model_reads_of_all_tools_stays_in_its_budget(tools: Listed) -> None:
    spent = sum(tokens({key: tool[key] for key in ("name", "description", "inputSchema")}) for tool in tools)
    assert spent <= MODEL_BUDGET


def test_the_whole_list_stays_in_its_budget_on_the_wire(tools: Listed) -> None:
    assert tokens({"tools": tools}) <= WIRE_BUDGET


def test_every_tool_carries_all_four_hints_and_they_are_honest(tools: Listed) -> None:
    for tool in tools:
        hints, name = tool["annotations"], tool["name"]
        assert hints.keys() >= {"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"}
        assert hints["readOnlyHint"] is (name in READ)
        assert hints["destructiveHint"] is (name in ACT)
        if name in PROPOSE:
            assert hints["openWorldHint"] is False


def test_apply_plan_takes_a_plan_id_and_nothing_else(tools: Listed) -> None:
    schema = next(tool for tool in tools if tool["name"] == "apply_plan")["inputSchema"]
    assert list(schema["properties"]) == ["plan_id"]
    assert schema["additionalProperties"] is False


def test_no_schema_refers_to_another(tools: Listed) -> None:
    assert "$ref" not in json.dumps(tools)
    assert "$defs" not in json.dumps(tools)


async def test_a_read_only_server_has_no_tool_that_proposes_or_acts(tmp_path: Path) -> None:
    assert {tool["name"] for tool in await listed(tmp_path, read_only=True)} == READ


async def test_chosen_groups_leave_the_other_tools_out(tmp_path: Path) -> None:
    names = {tool["name"] for tool in await listed(tmp_path, groups=("plans", "propose"))}
    assert names == {"get_plan", "list_plans"} | PROPOSE
