"""Lexeme: a stretch of a question with the one part it plays; Reading: all of them, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any


class Part(Enum):
    """What a lexeme is for. `FILLER` is dropped; `STOP` and `UNKNOWN` end the reading: not a question for us."""

    FILLER = auto()
    STOP = auto()
    UNKNOWN = auto()
    # What is wanted
    ASK = auto()  # what, list, count, exists, who, when, why, where, how long, how far, did
    DO = auto()
    ARTICLE = auto()
    DEFINITE = auto()
    # What it is about
    TYPE = auto()
    RESOURCE = auto()
    RUN = auto()
    PLAN = auto()
    STEP = auto()
    ERROR = auto()
    CHANGE = auto()
    WORKSPACE = auto()
    SERIAL = auto()
    FOLDER = auto()
    DRIFT = auto()
    CHECK = auto()
    LOOSE_END = auto()
    SETTING = auto()
    HISTORY = auto()
    # Names and values
    ENTITY = auto()
    RUN_ID = auto()
    PLAN_ID = auto()
    VALUE = auto()
    LABEL = auto()
    LABEL_KEY = auto()
    TEXT = auto()
    NUMBER = auto()
    QUANTITY = auto()
    CODE = auto()
    # How it is narrowed
    FIELD = auto()
    STATUS = auto()
    TIME = auto()
    LAST = auto()
    FIRST = auto()
    EXTREME = auto()
    COMPARED = auto()
    NOT = auto()
    WITH = auto()
    AND = auto()
    # How it is told
    GROUP = auto()
    TOTAL = auto()
    COST = auto()
    SET_TO = auto()
    # What ties or moves things
    DEPENDS = auto()
    TIED = auto()
    DIRECT = auto()
    MOVED = auto()
    CONSENT = auto()
    NAMED = auto()
    LABELLED = auto()


@dataclass(frozen=True, slots=True)
class Lexeme:
    part: Part
    value: Any
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A question of which every word is understood; `fillers` are the words that were left out."""

    lexemes: tuple[Lexeme, ...]
    fillers: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[Lexeme]:
        return iter(self.lexemes)

    def all(self, *parts: Part) -> list[Lexeme]:
        return [each for each in self.lexemes if each.part in parts]

    def first(self, *parts: Part) -> Lexeme | None:
        return next((each for each in self.lexemes if each.part in parts), None)

    def has(self, *parts: Part) -> bool:
        return any(each.part in parts for each in self.lexemes)

    def holds(self, part: Part, value: Any) -> bool:
        return any(each.part is part and each.value == value for each in self.lexemes)

    def asks(self, *values: str) -> bool:
        return any(each.part is Part.ASK and each.value in values for each in self.lexemes)

    def only(self, parts: Iterable[Part]) -> bool:
        """Nothing is said beyond these parts, so that nothing that was said is passed over."""
        allowed = set(parts)
        return all(each.part in allowed for each in self.lexemes)

    def place(self, *parts: Part) -> int:
        """Where the first of these parts stands; -1 if none does."""
        return next((number for number, each in enumerate(self.lexemes) if each.part in parts), -1)
