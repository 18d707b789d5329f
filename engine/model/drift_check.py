"""DriftCheck: the latest comparison of recorded with observed, and what of it still holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.model.finding import Finding


@dataclass(frozen=True, slots=True)
class DriftCheck:
    """`at` is the moment before anything was read, `serial` the state's then; `checked` resources were compared.

    `findings` are of resources that are recorded as they were; those of `outdated` were changed by a run since, or are
    recorded no more, so that nothing is known of them now. Values are cut: `check_drift` shows them whole.
    """

    at: datetime
    serial: int
    checked: int
    findings: tuple[Finding, ...] = ()
    outdated: tuple[Finding, ...] = ()
