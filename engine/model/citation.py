"""Citation: the `groundplan://` address of something the state store holds, so that an answer says where it is from."""

from __future__ import annotations

from urllib.parse import quote

_WORKSPACES = "groundplan://workspaces"


def cite_workspace(name: str) -> str:
    return f"{_WORKSPACES}/{quote(name, safe='')}"


def cite_resource(workspace: str, address: str) -> str:
    """The brackets and quotes of `server.web[0]` are percent-encoded."""
    return f"{cite_workspace(workspace)}/resources/{quote(address, safe='')}"


def cite_run(workspace: str, run_id: str) -> str:
    return f"{cite_workspace(workspace)}/runs/{quote(run_id, safe='')}"


def cite_plan(workspace: str, plan_id: str) -> str:
    return f"{cite_workspace(workspace)}/plans/{quote(plan_id, safe='')}"
