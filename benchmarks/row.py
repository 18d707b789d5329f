"""Row: one measured figure beside the peer or the limit it is held against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`against` names the peer or the limit, `other` is its figure in the same unit; None when there was none.

    `goal` and `note` are words for the reader: what was hoped for, and how or why not it was measured.
    """

    what: str
    ours: float
    unit: str
    against: str = ""
    other: float | None = None
    goal: str = ""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours to the other's: below 1 is less time or memory than the peer takes."""
        return self.ours / self.other if self.other else None
