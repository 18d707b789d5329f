"""Questions to the state store, and pages of answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from engine.model.finding import Finding
from engine.model.resource import Recorded

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ResourceQuery:
    """Which resources: every filter that is set must hold.

    `labels` are `key` or `key=value`; `depends_on` keeps what needs that address, `needed_by` what that address
    needs, both through at most `depth` relations; `text` is part of an address, id or property value.
    """

    type: str = ""
    provider: str = ""
    labels: tuple[str, ...] = ()
    depends_on: str = ""
    needed_by: str = ""
    depth: int = 10
    text: str = ""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page; `cursor` is empty on the last one, otherwise it is handed back as it is."""

    items: tuple[T, ...]
    cursor: str = ""
    total: int = 0


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What one run did to one resource."""

    serial: int
    action: str
    run_id: str
    at: datetime
    properties: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ResourceView:
    """A resource with its neighbours and its past, newest first."""

    recorded: Recorded
    needs: tuple[str, ...]
    needed_by: tuple[str, ...]
    history: tuple[HistoryEntry, ...]


@dataclass(frozen=True, slots=True)
class DriftReport:
    """`checked` resources were compared with what their providers report now."""

    workspace: str
    checked: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """Whether the audit log is whole; `line` is where it first is not."""

    intact: bool
    lines: int
    text: str
    line: int = 0
