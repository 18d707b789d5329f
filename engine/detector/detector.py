"""The detector: looks at everything a workspace has recorded, and keeps what it found as the latest check."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from engine.detector.drift import find_drift
from engine.model.drift_check import DriftCheck
from engine.model.query import DriftReport
from engine.model.workspace import Workspace
from engine.observation.observe import observe
from engine.registry.providers import offers
from engine.registry.signing_in import SignIn
from engine.state.findings import Findings
from engine.state.resources import Resources


class Detector:
    def __init__(self, resources: Resources, findings: Findings, sign_in: SignIn) -> None:
        self._resources, self._findings, self._sign_in = resources, findings, sign_in

    async def check(self, place: Workspace) -> DriftReport:
        """Raises `ProviderError` when a provider does not answer, and then the check before stays the latest."""
        # Before anything is read: whatever a run records from here on is newer than what is found.
        at = datetime.now(UTC)
        recorded = self._resources.all(place.name)
        async with self._sign_in.open(place.name, {each.provider for each in recorded}) as providers:
            observed = await observe(recorded, providers)
        found = find_drift(recorded, observed, offers())
        check = DriftCheck(at, place.serial, len(recorded), found)
        await asyncio.to_thread(self._findings.keep, place.name, check)
        return DriftReport(place.name, check.checked, found)
