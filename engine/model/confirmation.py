"""Confirmation: one person's yes to one digest, over one channel; spent once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.model.principal import Principal


class Channel(StrEnum):
    """The roads to a person, weakest first."""

    ELICITATION = "elicitation"
    PAGE = "page"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Made only by `server/consent.py`, for a person who saw the plan with this digest."""

    plan_id: str
    digest: str
    channel: Channel
    principal: Principal
