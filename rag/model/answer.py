"""Answer: the passages that answer a query, or the word that none does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rag.model.document import Scope, Trust


class Verdict(StrEnum):
    GOOD = "good"
    WEAK = "weak"  # shown, and marked: verify before relying on it
    NONE = "none"  # nothing here answers; no passage is given


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring chunks of one document, merged. `number` is the `[n]` to cite; `score` is 0 to 1, calibrated."""

    number: int
    uri: str
    title: str
    section: str
    first_line: int
    last_line: int
    text: str
    tokens: int
    score: float
    scope: Scope
    kind: str
    trust: Trust
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """`left_out` counts found pages that budget or limit kept back; `note` says what the index lacks now."""

    verdict: Verdict
    confidence: float
    passages: tuple[Passage, ...]
    tokens: int
    left_out: int = 0
    note: str = ""
