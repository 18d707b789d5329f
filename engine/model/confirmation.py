"""Confirmation: one person's yes to one digest, over one channel; spent once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.model.approval import Approval
from engine.model.principal import Principal


class Channel(StrEnum):
    """The roads to a person, weakest first. An approval was signed beforehand, maybe at another machine."""

    ELICITATION = "elicitation"
    APPROVAL = "approval"
    PAGE = "page"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Made only where a person is asked (`server/*consent.py`), for one who saw the plan with this digest.

    `approval` is the signature that stands for the yes, on that channel alone.
    """

    plan_id: str
    digest: str
    channel: Channel
    principal: Principal
    approval: Approval | None = None
