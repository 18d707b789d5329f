"""The assistant's part: calls tools like any MCP client, tells what it called and what came back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from mcp import Client

from demo.transcript import Transcript

_SIGNS = {"create": "+", "update": "~", "replace": "±", "delete": "-", "adopt": ">", "forget": "<"}
_PATIENCE = 20


class StoryBroken(Exception):
    """Something came out other than the story promises."""


def demand(holds: object, promise: str) -> None:
    """Raises `StoryBroken` unless it holds."""
    if not holds:
        raise StoryBroken(promise)


class Assistant:
    """`silent` calls are not told: polling would drown the story. `on_page` tells what happened in the browser."""

    def __init__(self, client: Client, transcript: Transcript, on_page: Callable[[], None]) -> None:
        self._client = client
        self._transcript = transcript
        self._on_page = on_page

    async def call(self, tool: str, arguments: dict[str, Any], *, silent: bool = False) -> dict[str, Any]:
        """The tool's structured answer. Raises `StoryBroken` for an error result."""
        if not silent:
            self._transcript.says("Assistant", call_sheet(tool, arguments))
        result = await self._client.call_tool(tool, arguments)
        text = " ".join(getattr(part, "text", "") for part in result.content)
        demand(not result.is_error, f"{tool} answers without an error: {text}")
        return result.structured_content or {}

    async def propose(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """A plan, made and shown."""
        plan = await self.call(tool, arguments)
        while plan["status"] == "planning":
            plan = await self.call("get_plan", {"plan_id": plan["plan_id"], "wait_seconds": _PATIENCE}, silent=True)
        self._transcript.says("Groundplan", plan_sheet(plan))
        return plan

    async def apply(self, plan: dict[str, Any]) -> dict[str, Any]:
        """The finished run of a plan, once a person confirmed it."""
        answer = await self.call("apply_plan", {"plan_id": plan["plan_id"]})
        if answer["status"] == "awaiting_confirmation":
            self._transcript.says("Groundplan", "awaiting_confirmation: the plan is on a page in the person's browser")
        while not answer.get("run_id"):
            answer = await self.call("get_plan", {"plan_id": plan["plan_id"], "wait_seconds": _PATIENCE}, silent=True)
            demand(answer["status"] in ("pending", "applied"), f"the person confirms {plan['plan_id']}")
        self._on_page()
        return await self._watch(answer["run_id"])

    async def _watch(self, run_id: str) -> dict[str, Any]:
        self._transcript.says("Assistant", f"→ get_run(run_id={json.dumps(run_id)}, wait_seconds={_PATIENCE})")
        run = await self.call("get_run", {"run_id": run_id, "wait_seconds": _PATIENCE}, silent=True)
        while run["status"] in ("queued", "running"):
            run = await self.call("get_run", {"run_id": run_id, "wait_seconds": _PATIENCE}, silent=True)
        steps = "\n".join(
            f"{'✓' if step['status'] == 'done' else '✗'} {step['verb']} {step['address']}" for step in run["steps"]
        )
        self._transcript.says("Groundplan", f"{steps}\nrun {run['status']}, {run['done']} of {run['total']} steps done")
        demand(run["status"] == "succeeded", f"run {run_id} succeeds: {run.get('error')}")
        return run


def call_sheet(tool: str, arguments: dict[str, Any]) -> str:
    """A call as one line, and each edit on a line of its own."""
    edits = [f"{each['op']} {each['address']} {json.dumps(each['value'])}" for each in arguments.get("edits", [])]
    rest = ", ".join(f"{name}={json.dumps(value)}" for name, value in arguments.items() if name != "edits")
    return "\n".join([f"→ {tool}({rest}{'edits:' if edits else ')'}", *(f"    {edit}" for edit in edits)]) + (
        ")" if edits else ""
    )


def plan_sheet(plan: dict[str, Any]) -> str:
    """A plan's answer in a few lines, as an assistant would put it to a person."""
    counts = ", ".join(f"{count} to {action}" for action, count in plan["summary"].items() if count)
    lines = [f"{plan['plan_id']}: {counts or 'nothing to do'}; risk {plan['risk']['level']}"]
    for change in plan["changes"]:
        if change["address"].startswith("file:"):
            continue
        differences = "; ".join(
            f"{each['path']}: {_short(each.get('before'))} → {_short(each.get('after'))}" for each in change["diff"]
        )
        shown = f"   {differences}" if change["action"] in ("update", "replace") and differences else ""
        lines.append(f"{_SIGNS.get(change['action'], ' ')} {change['address']}{shown}")
    files: list[str] = plan.get("files") or []
    lines += [f"writes {path}" for path in files]
    cost: dict[str, Any] = plan.get("cost") or {}
    if cost.get("after") != cost.get("before"):
        lines.append(f"monthly cost {cost['before']:.2f} → {cost['after']:.2f} {cost['currency']}")
    return "\n".join(lines)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 40 else text[:39] + "…"
