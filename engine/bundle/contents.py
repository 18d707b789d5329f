"""The contents of a bundle: which members it has, and what may be a member at all."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine.model.workspace import WORKSPACE_NAME

FORMAT = 1
CONTENTS, STATE, FILES = "contents.json", "state.json", "files/"
MOST_MEMBERS = 5_000
MOST_PACKED = 64 << 20
MOST_UNPACKED = 128 << 20
LEFT_OUT = ("secrets",)
_KEPT_HIDDEN = ".gitignore"
_LONGEST_PATH = 400
_PART = re.compile(r"[^\x00-\x1f\x7f-\x9f/\\:]{1,200}")
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Contents(BaseModel):
    """The first member. `members` are all others by name, each with the SHA-256 of its bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: int
    name: str = Field(pattern=f"^{WORKSPACE_NAME.pattern}$")
    uid: str = Field(pattern=r"^[0-9a-f]{32}$")
    serial: int = Field(ge=0, le=1 << 31)
    created_at: float = Field(ge=0, le=1e11, allow_inf_nan=False)
    members: dict[str, Sha256]


def is_carried(path: str) -> bool:
    """Whether a file of a workspace, by its path in the folder, goes into a bundle: nothing hidden, no secret."""
    parts = path.split("/")
    if len(path) > _LONGEST_PATH or parts[0].lower() in LEFT_OUT:
        return False
    if not all(_PART.fullmatch(part) and part.strip(" .") for part in parts):
        return False
    return not any(part.startswith(".") for part in parts) or path == _KEPT_HIDDEN
