"""Workspace: a named, isolated set of declared resources."""

from __future__ import annotations

import re
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from engine.model.errors import Invalid

WORKSPACE_NAME = re.compile(r"[a-z][a-z0-9-]{0,38}")


class Workspace(BaseModel):
    """`path` is its folder; `serial` counts the states its runs left; `uid` is random, stable, and never reused."""

    model_config = ConfigDict(frozen=True)

    name: str
    uid: str
    path: str
    serial: int = 0
    archived: bool = False
    active: bool = False
    created_at: datetime


def check_workspace_name(name: str) -> None:
    """Raises `Invalid` for a name that no workspace can have."""
    if not WORKSPACE_NAME.fullmatch(name):
        raise Invalid(
            f"{name[:60]!r} is no name for a workspace.", hint="Up to 39 of a-z, 0-9 and -, beginning with a letter."
        )
