"""FailureAccount: why a run failed, by what the journal holds, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Evidence:
    """One failing step as the journal has it; `observed` is what was last recorded of its resource."""

    step: str
    address: str
    verb: str
    code: str
    message: str
    hint: str
    attempts: int
    seconds: float | None = None
    observed: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class PastFailure:
    """A failure of this workspace that is like this one; `alike` says in what (code, verb, type, address).

    `resolved_by` is the later run in which that address worked, empty if none did; `resolution` says how, in words.
    """

    run_id: str
    uri: str
    address: str
    code: str
    message: str
    at: datetime
    alike: tuple[str, ...]
    resolved_by: str = ""
    resolution: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """A likely cause; `reason` is what speaks for it, `weight` (0 to 1) orders the causes of one account."""

    text: str
    reason: str
    weight: float


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The next move, as a call of a tool."""

    tool: str
    arguments: dict[str, Any]
    why: str


@dataclass(frozen=True, slots=True)
class FailureAccount:
    """`run_id` is empty where a text was explained. Causes are ranked, likeliest first; `runbooks` are topic ids,
    the page's name under `knowledge/runbooks/` without its ending, the fitting one first.

    `done` and `not_done` are step ids; the counts say how many there are where the lists are cut.
    """

    workspace: str
    statement: str
    as_of: datetime
    run_id: str = ""
    plan_id: str = ""
    status: str = ""
    codes: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    done: tuple[str, ...] = ()
    done_count: int = 0
    not_done: tuple[str, ...] = ()
    not_done_count: int = 0
    similar: tuple[PastFailure, ...] = ()
    causes: tuple[Cause, ...] = ()
    runbooks: tuple[str, ...] = ()
    next_call: ToolCall | None = None
    citations: tuple[str, ...] = ()
