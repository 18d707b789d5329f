"""How much a plan may hurt."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.action import Action
from engine.model.change import Change
from engine.model.plan import Risk, RiskLevel

_LARGE_SHARE = 0.3
_MANY = 25


def judge_risk(changes: Sequence[Change], existing: int) -> Risk:
    """High when anything is destroyed, holds data or can't be undone; size alone is said but does not raise it."""
    destroyed = [change for change in changes if change.action.destroys]
    stateful = [change for change in destroyed if change.stateful]
    stuck = [change for change in changes if change.action is not Action.NO_OP and not change.reversible]
    reasons: list[str] = []
    if destroyed:
        reasons.append(f"destroys {_named(destroyed)}")
    if stateful:
        reasons.append(f"the data on {_named(stateful)} is lost")
    if others := [change for change in stuck if not change.action.destroys]:
        reasons.append(f"can't be undone in place: {_named(others)}")
    if existing and len(destroyed) / existing > _LARGE_SHARE:
        reasons.append(f"destroys {len(destroyed)} of the workspace's {existing} resources")
    level = RiskLevel.HIGH if reasons else RiskLevel.LOW
    touched = sum(1 for change in changes if change.action is not Action.NO_OP)
    if touched > _MANY:
        reasons.append(f"touches {touched} resources")
    return Risk(level=level, reasons=tuple(reasons))


def _named(changes: Sequence[Change]) -> str:
    shown = ", ".join(change.address for change in changes[:5])
    return shown + (f" and {len(changes) - 5} more" if len(changes) > 5 else "")
