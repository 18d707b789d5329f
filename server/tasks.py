"""The tasks extension: a confirmed `apply_plan` is answered as a task to clients that declare the extension.

The task is the run: its id is the run's id, durable before the answer leaves. Everything that has to be asked is
asked before. `tasks/cancel` only acknowledges, as the extension allows: stopping a run is a change that a person
confirms through `plan_run`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.extension import Extension, MethodBinding
from mcp.server.mcpserver.server import require_client_extension
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, CallToolRequestParams, CallToolResult, RequestParams
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from engine.model.errors import NotFound
from engine.model.run import Run, RunStatus
from server.office import Office
from server.render.answers.run import next_move, run_answer
from server.render.clean import visible

IDENTIFIER = "io.modelcontextprotocol/tasks"
_TOOL = "apply_plan"
_POLL_MS = 1_000
Asking = ServerRequestContext[Any, Any]


class TaskParams(RequestParams):
    task_id: str


class TaskUpdateParams(TaskParams):
    input_responses: dict[str, Any]


class Tasks(Extension):
    identifier = IDENTIFIER

    def __init__(self, office: Office) -> None:
        self._office = office

    def methods(self) -> Sequence[MethodBinding]:
        versions = frozenset(MODERN_PROTOCOL_VERSIONS)
        return (
            MethodBinding("tasks/get", TaskParams, self._get, versions),
            MethodBinding("tasks/update", TaskUpdateParams, self._acknowledge, versions),
            MethodBinding("tasks/cancel", TaskParams, self._acknowledge, versions),
        )

    async def intercept_tool_call(
        self, params: CallToolRequestParams, ctx: Asking, call_next: CallNext
    ) -> HandlerResult:
        result = await call_next(ctx)
        if params.name != _TOOL or not _declares(ctx) or not isinstance(result, CallToolResult) or result.is_error:
            return result
        told: dict[str, Any] = result.structured_content or {}
        run_id = told.get("run_id")
        if not run_id:
            return result
        return {**_task(await self._run(run_id)), "resultType": "task", "status": "working"}

    async def _get(self, ctx: Asking, params: TaskParams) -> dict[str, Any]:
        require_client_extension(ctx, IDENTIFIER)
        run = await self._run(params.task_id)
        return {**_task(run), "resultType": "complete", **_outcome(run)}

    async def _acknowledge(self, ctx: Asking, params: TaskParams) -> dict[str, Any]:
        """A run asks nothing, so answers to its questions are none of its; and it is not stopped here."""
        require_client_extension(ctx, IDENTIFIER)
        await self._run(params.task_id)
        return {"resultType": "complete"}

    async def _run(self, run_id: str) -> Run:
        try:
            return (await self._office.opened()).run(run_id)
        except NotFound as error:
            raise MCPError(code=INVALID_PARAMS, message=visible(str(error))) from error


def _declares(ctx: Asking) -> bool:
    capabilities = ctx.session.client_capabilities
    declared = (capabilities.extensions if capabilities else None) or {}
    return ctx.protocol_version in MODERN_PROTOCOL_VERSIONS and IDENTIFIER in declared


def _task(run: Run) -> dict[str, Any]:
    return {
        "taskId": run.id,
        "status": _status(run),
        "statusMessage": f"{run.status.value}: {run.done} of {run.total} steps done",
        "createdAt": run.created_at.isoformat(),
        "lastUpdatedAt": (run.ended_at or run.started_at or run.created_at).isoformat(),
        "ttlMs": None,
        "pollIntervalMs": _POLL_MS,
    }


def _status(run: Run) -> str:
    if not run.status.is_over:
        return "working"
    return "cancelled" if run.status is RunStatus.CANCELLED else "completed"


def _outcome(run: Run) -> dict[str, Any]:
    """A failed run is a completed task whose result is an error: `failed` is for faults of the protocol."""
    if _status(run) != "completed":
        return {}
    answer = run_answer(run)
    content = {
        "workspace": answer.workspace,
        "accounts": [each.model_dump() for each in answer.accounts],
        "plan_id": run.plan_id,
        "status": run.status.value,
        "run_id": run.id,
        "text": f"{run.done} of {run.total} steps done.",
        "next": next_move(run),
    }
    result = {
        "content": [{"type": "text", "text": answer.model_dump_json(exclude_none=True)}],
        "structuredContent": content,
        "isError": run.status is RunStatus.FAILED,
    }
    return {"result": result}
