"""Decision: policy's answer to a plan, with the rules that decided."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Decision(BaseModel):
    """`rules` is the digest of the workspace's own rules that were asked; empty where it has none."""

    model_config = ConfigDict(frozen=True)

    effect: Literal["allow", "deny", "needs-approval"]
    policies: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    rules: str = ""
