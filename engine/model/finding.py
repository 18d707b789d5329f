"""Finding: what the detector saw."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from engine.model.change import PropertyDiff


class Finding(BaseModel):
    """Drift of one resource: it vanished, or its properties differ from what the last run left."""

    model_config = ConfigDict(frozen=True)

    address: str
    kind: Literal["missing", "changed", "unreadable"]
    text: str
    diff: tuple[PropertyDiff, ...] = ()
