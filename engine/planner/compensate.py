"""How each change would be undone, or the word that it can't be."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.action import Action
from engine.model.change import Compensation, PropertyDiff
from engine.model.resource_type import ResourceType


def compensation(action: Action, kind: ResourceType, diffs: Sequence[PropertyDiff]) -> Compensation:
    loss = kind.model.loses
    match action:
        case Action.CREATE:
            text = "delete it again"
        case Action.ADOPT | Action.FORGET:
            text = "forget it again" if action is Action.ADOPT else "adopt it again"
        case Action.UPDATE:
            stuck = [each.path for each in diffs if kind.forces_replace(each.path, each.after, each.before)]
            if stuck:
                return Compensation(possible=False, text=f"{', '.join(stuck)} can't be changed back in place")
            text = "change it back"
        case Action.REPLACE | Action.DELETE:
            if loss:
                return Compensation(possible=False, text=f"{loss} is lost; a new one can be made")
            text = "make it again, under a new id"
        case Action.NO_OP:
            text = ""
    return Compensation(possible=True, text=text)
