"""Stores: what questions are answered from."""

from __future__ import annotations

from dataclasses import dataclass

from engine.audit.log import AuditLog
from engine.state.database import Database
from engine.state.findings import Findings
from engine.state.inquiries import Inquiries
from engine.state.plans import Plans
from engine.state.resources import Resources
from engine.state.runs import Runs
from engine.state.workspaces import Workspaces


@dataclass(frozen=True, slots=True)
class Stores:
    workspaces: Workspaces
    resources: Resources
    plans: Plans
    runs: Runs
    inquiries: Inquiries
    findings: Findings
    audit: AuditLog

    @classmethod
    def of(cls, database: Database, audit: AuditLog) -> Stores:
        return cls(
            Workspaces(database), Resources(database), Plans(database), Runs(database), Inquiries(database),
            Findings(database), audit,
        )  # fmt: skip
