"""Case: one question with all that its answer is read from; Draft: what a rule found, before it is stamped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.model.citation import cite_resource
from engine.model.state_answer import StateRow
from engine.model.workspace import Workspace
from engine.questions.lexeme import Reading
from engine.questions.register import Register, Thing
from engine.questions.stores import Stores
from engine.questions.tell import ROWS, fields_of


@dataclass(frozen=True, slots=True)
class SettingFact:
    """A setting of the home as it is in force; `source` says where the value comes from."""

    name: str
    text: str
    source: str


class Unsure(Exception):
    """The question can be understood in two ways that have different answers."""


@dataclass(frozen=True, slots=True)
class Case:
    place: Workspace
    now: datetime
    reading: Reading
    register: Register
    stores: Stores
    settings: Mapping[str, SettingFact]

    @property
    def name(self) -> str:
        return self.place.name

    def row(self, thing: Thing, fields: Sequence[str] = (), **more: str) -> StateRow:
        found = fields_of(self.register, thing, fields)
        return StateRow(thing.address, cite_resource(self.name, thing.address), {**found, **more})

    def rows(self, things: Sequence[Thing], fields: Sequence[str] = ()) -> tuple[StateRow, ...]:
        return tuple(self.row(each, fields) for each in things[:ROWS])


@dataclass(frozen=True, slots=True)
class Draft:
    """`as_of` and `serial` are those of the moment that it tells of, where that is not the present."""

    statement: str
    asked: str
    count: int = 0
    rows: tuple[StateRow, ...] = ()
    near: tuple[str, ...] = ()
    next: str = ""
    citations: tuple[str, ...] = ()
    as_of: datetime | None = None
    serial: int | None = None
