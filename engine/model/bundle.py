"""Bundle: one file that holds a workspace, its files and what is recorded of it, to be taken into another home."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Bundle(BaseModel):
    """`sha256` is of the whole file; `files` and `resources` count what it holds."""

    model_config = ConfigDict(frozen=True)

    path: str
    sha256: str
    name: str
    uid: str
    serial: int
    created_at: datetime
    files: int
    resources: int
