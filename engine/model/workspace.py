"""Workspace: a named, isolated set of declared resources."""

from __future__ import annotations

import re
from datetime import datetime

from pydantic import BaseModel, ConfigDict

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
