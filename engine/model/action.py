"""Action: what a plan does with one resource."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    NO_OP = "no-op"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    ADOPT = "adopt"
    FORGET = "forget"

    @property
    def destroys(self) -> bool:
        """The object that exists now will be gone."""
        return self in (Action.DELETE, Action.REPLACE)

    @property
    def symbol(self) -> str:
        return {"no-op": " ", "create": "+", "update": "~", "replace": "±", "delete": "-", "adopt": ">", "forget": "<"}[
            self.value
        ]
