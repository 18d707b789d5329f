"""The asker: from a question to the answer that the state store gives, or to silence."""

from __future__ import annotations

from datetime import datetime

from engine.model.state_answer import StateAnswer
from engine.model.workspace import Workspace
from engine.questions.stores import Stores


class Asker:
    """Certain or silent: a question of which any word is not understood has no answer here."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def ask(self, place: Workspace, question: str, now: datetime) -> StateAnswer | None:
        """`now` carries the time zone in which "today" and "last night" are meant."""
        return None
