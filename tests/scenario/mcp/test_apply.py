"""A run begins only after a person's yes; clients that declare tasks are handed the run as one."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from mcp import Client, MCPError
from mcp.client.context import ClientRequestContext
from mcp.client.extension import ClaimContext, ClientExtension, ResultClaim
from mcp_types import (
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    CallToolResult,
    ElicitRequestParams,
    ElicitResult,
    Request,
    RequestParams,
    Result,
)

from server.app import Office
from server.tasks import IDENTIFIER
from tests.scenario.mcp.doors import client_at
from tests.scenario.mcp.test_every_tool_answers import answer_of


async def accept(_: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
    asked: Any = getattr(params, "requested_schema", {})
    content: dict[str, Any] = {name: _yes(field) for name, field in asked.get("properties", {}).items()}
    return ElicitResult(action="accept", content=content)


async def decline(_: ClientRequestContext, __: ElicitRequestParams) -> ElicitResult:
    return ElicitResult(action="decline")


def _yes(field: dict[str, Any]) -> Any:
    return True if field.get("type") == "boolean" else (field.get("enum") or ["yes"])[0]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("door", ["memory", "stdio", "http"])
async def test_a_plan_that_a_person_accepts_runs(office: Office, door: str, mode: Any) -> None:
    async with client_at(door, office, mode=mode, elicitation_callback=accept) as client:
        plan = await answer_of(client, "plan_change")
        applied = await answer_of(client, "apply_plan", plan_id=plan["plan_id"])
        run = await answer_of(client, "get_run", run_id=applied["run_id"], wait_seconds=20)
    assert run["status"] == "succeeded"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("door", ["memory", "stdio", "http"])
async def test_a_plan_that_a_person_declines_ends(office: Office, door: str, mode: Any) -> None:
    async with client_at(door, office, mode=mode, elicitation_callback=decline) as client:
        plan = await answer_of(client, "plan_change")
        await client.call_tool("apply_plan", {"plan_id": plan["plan_id"]})
        assert (await answer_of(client, "get_plan", plan_id=plan["plan_id"]))["status"] == "declined"
        assert not (await answer_of(client, "list_runs"))["runs"]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("door", ["memory", "stdio", "http"])
async def test_without_a_way_to_ask_nothing_runs(office: Office, door: str, mode: Any) -> None:
    async with client_at(door, office, mode=mode) as client:
        plan = await answer_of(client, "plan_change")
        result = await client.call_tool("apply_plan", {"plan_id": plan["plan_id"]})
        assert result.is_error or "run_id" not in (result.structured_content or {})
        assert not (await answer_of(client, "list_runs"))["runs"]


class TaskHandle(Result):
    result_type: Literal["task"] = "task"
    task_id: str
    status: str


class TaskParams(RequestParams):
    task_id: str


class TaskState(Result):
    task_id: str | None = None
    status: str | None = None
    result: dict[str, Any] | None = None


class TaskClient(ClientExtension):
    """Takes a task for an answer and remembers it."""

    identifier = IDENTIFIER

    def __init__(self) -> None:
        self.tasks: list[str] = []

    def claims(self) -> list[ResultClaim[Any]]:
        return [ResultClaim(result_type="task", model=TaskHandle, resolve=self._keep)]

    async def _keep(self, handle: TaskHandle, _: ClaimContext) -> CallToolResult:
        self.tasks.append(handle.task_id)
        return CallToolResult(content=[], structured_content={"plan_id": "", "status": handle.status, "text": "a task"})


async def test_a_client_that_declares_tasks_is_handed_the_run_as_one(office: Office) -> None:
    tasks = TaskClient()
    async with client_at("memory", office, elicitation_callback=accept, extensions=[tasks]) as client:
        plan = await answer_of(client, "plan_change")
        await client.call_tool("apply_plan", {"plan_id": plan["plan_id"]})
        (task,) = tasks.tasks
        assert (await answer_of(client, "get_run", run_id=task, wait_seconds=20))["status"] == "succeeded"
        assert (await ask_task(client, "tasks/cancel", task)).status is None
        state = await ask_task(client, "tasks/get", task)
    assert state.status == "completed"
    assert state.result is not None
    assert state.result["structuredContent"]["run_id"] == task


async def ask_task(client: Client, method: str, task: str) -> TaskState:
    request = Request[TaskParams, str](method=method, params=TaskParams(task_id=task))
    return await client.session.send_request(request, TaskState)


async def test_who_did_not_declare_tasks_is_refused_them(office: Office) -> None:
    async with client_at("memory", office) as client:
        with pytest.raises(MCPError) as refused:
            await ask_task(client, "tasks/get", "run-any")
    assert refused.value.error.code == MISSING_REQUIRED_CLIENT_CAPABILITY
