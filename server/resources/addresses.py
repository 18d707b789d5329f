"""The addresses of MCP resources: `groundplan://workspaces/{name}/…` and `groundplan://knowledge/…`."""

from __future__ import annotations

import re
from dataclasses import dataclass

WORKSPACES = "groundplan://workspaces"
WORKSPACE = WORKSPACES + "/{name}"
PLAN = WORKSPACE + "/plans/{id}"
RUN = WORKSPACE + "/runs/{id}"
RESOURCE = WORKSPACE + "/resources/{address}"
CONTEXT = WORKSPACE + "/context"
# A plus lets a path keep its slashes.
FILE = WORKSPACE + "/files/{+path}"
KNOWLEDGE = "groundplan://knowledge/{+path}"
_MOVING = re.compile(re.escape(WORKSPACES) + r"/(?P<workspace>[^/]+)/(?P<kind>plans|runs)/(?P<id>[^/]+)")


@dataclass(frozen=True, slots=True)
class Moving:
    """A plan or run that a client may want to be told about."""

    uri: str
    workspace: str
    is_run: bool
    id: str


def moving(uri: str) -> Moving | None:
    found = _MOVING.fullmatch(uri)
    return Moving(uri, found["workspace"], found["kind"] == "runs", found["id"]) if found else None
