"""Unsound: a part of a rule that can't be meant."""

from __future__ import annotations


class Unsound(ValueError):
    """`hint` names the remedy; pydantic carries it to whoever knows the place."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
