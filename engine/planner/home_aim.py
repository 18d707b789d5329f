"""HomeAim: what a request about the home itself wants to happen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.model.action import Action
from engine.model.change import Change
from engine.model.plan import FileEdit, PlannedStep


@dataclass(frozen=True, slots=True)
class HomeAim:
    """Files are written before anything else is done. `subject` is the workspace, where the request left it open."""

    changes: Sequence[Change] = ()
    files: tuple[FileEdit, ...] = ()
    warnings: tuple[str, ...] = ()
    subject: str = ""

    @property
    def steps(self) -> tuple[PlannedStep, ...]:
        writes = [PlannedStep(id=f"{edit.address}:write", address=edit.address, verb="write") for edit in self.files]
        after = tuple(step.id for step in writes)
        return (*writes, *(_step(change, after) for change in self.changes))


def _step(change: Change, after: tuple[str, ...]) -> PlannedStep:
    verb = "create" if change.action is Action.CREATE else "update"
    return PlannedStep(id=f"{change.address}:{verb}", address=change.address, verb=verb, after=after)
