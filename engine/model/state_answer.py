"""StateAnswer: the exact answer to a question about a workspace's live state; StateRow: one thing it names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StateRow:
    """`name` is an address, a run's or plan's id, or what a group is counted by; `uri` is empty for a group.

    `fields` are texts as the state holds them: data, to be cleaned where they are shown.
    """

    name: str
    uri: str
    fields: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class StateAnswer:
    """What the state store held at `as_of`, never what a text says.

    `statement` is the answer in words, `asked` the query that was made, in words, `count` how many things answer
    (none is an answer), of which `left_out` are not among `rows`. `citations` are where it can be looked up.
    `near` are names that were perhaps meant, where a name is not known. `next` is the call that tells more.
    """

    workspace: str
    statement: str
    asked: str
    as_of: datetime
    serial: int
    count: int = 0
    rows: tuple[StateRow, ...] = ()
    citations: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    next: str = ""

    @property
    def left_out(self) -> int:
        return max(0, self.count - len(self.rows)) if self.rows else 0

    @property
    def is_complete(self) -> bool:
        return self.left_out == 0
