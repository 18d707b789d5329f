"""The lexer: each word of a question, alone or with its neighbours, as a lexeme."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.model.quantity import size_in_bytes
from engine.questions.case import SettingFact
from engine.questions.lexeme import Lexeme, Part
from engine.questions.register import Register, Thing
from engine.questions.times import read_time
from engine.questions.words import CODES, LONGEST_PHRASE, PHRASES, SIZES, SYSTEMS

_LONGEST_TIME = 7
_LONGEST_SETTING = 3
_ADDRESS = re.compile(r"[a-z][a-z0-9_]{0,30}\.[a-z][a-z0-9_-]{0,62}(?:\[[^\]\s]{1,64}\])?")
_RUN_ID = re.compile(r"(?:run-|r_)[0-9a-z]{4,40}")
_PLAN_ID = re.compile(r"(?:plan-|p_)[0-9a-f]{4,40}")
_LABEL = re.compile(r"(?P<key>[A-Za-z0-9][\w./-]{0,62})[=:](?P<value>[\w./-]{1,100})")
_SIZE = re.compile(r"(?P<number>\d{1,7})(?P<unit>[kmgt])i?b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Value:
    """A word that stands for the value of one of these fields."""

    fields: tuple[str, ...]
    text: str
    things: tuple[Thing, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """A name or address and what bears it, which may be nothing; `type` is empty where none was said.

    `is_bare` is a word that happens to be a name, with nothing beside it that says so.
    """

    said: str
    type: str
    things: tuple[Thing, ...]
    is_bare: bool = False

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(each.address for each in self.things)


class Lexer:
    def __init__(
        self, tokens: list[str], register: Register, now: datetime, settings: Mapping[str, SettingFact]
    ) -> None:
        self._tokens, self._lower = tokens, [token.lower() for token in tokens]
        self._register, self._now, self._settings = register, now, settings

    def lexemes(self) -> list[Lexeme]:
        found: list[Lexeme] = []
        at = 0
        while at < len(self._tokens):
            lexeme, used = self._next(at, found[-1] if found else None)
            found.append(lexeme)
            at += used
        return found

    def _next(self, at: int, before: Lexeme | None) -> tuple[Lexeme, int]:
        literal = self._literal(at)
        if literal is not None:
            return literal, 1
        setting = self._setting(at)
        if setting is not None:
            return setting
        timed = self._time(at)
        phrase, length = self._phrase(at)
        if timed is not None and timed[1] >= length:
            return timed
        if before is not None and before.part in (Part.TYPE, Part.NAMED) and length <= 1:
            # After a type a word that is the name of such a thing is a name, whatever else it may be.
            named = self._name(at, before)
            if named is not None:
                return named, 1
        if phrase is not None:
            return phrase, length
        return self._value(at), 1

    def _setting(self, at: int) -> tuple[Lexeme, int] | None:
        """`lease seconds`: a setting's name with spaces."""
        for length in range(min(_LONGEST_SETTING, len(self._lower) - at), 1, -1):
            words = self._lower[at : at + length]
            if (known := self._settings.get("_".join(words))) is not None:
                return Lexeme(Part.SETTING, known, " ".join(words)), length
        return None

    def _literal(self, at: int) -> Lexeme | None:
        """What its own shape tells apart: ids, addresses, labels, numbers."""
        said = self._tokens[at]
        if said[0] in '"`“':
            said = said[1:-1].strip()
            if not said:
                return Lexeme(Part.UNKNOWN, None, self._tokens[at])
        return self._id(said, said.lower()) or self._shape(said, said.lower())

    def _id(self, said: str, lower: str) -> Lexeme | None:
        numbered = any(sign.isdigit() for sign in lower)
        if numbered and _RUN_ID.fullmatch(lower):
            return Lexeme(Part.RUN_ID, lower, said)
        if numbered and _PLAN_ID.fullmatch(lower):
            return Lexeme(Part.PLAN_ID, lower, said)
        if lower in self._settings:
            return Lexeme(Part.SETTING, self._settings[lower], said)
        thing = self._register.by_id.get(lower)
        entity = Entity(said, thing.type, (thing,)) if thing else self._address(lower)
        return Lexeme(Part.ENTITY, entity, said) if entity else None

    def _shape(self, said: str, lower: str) -> Lexeme | None:
        if _is_ip(lower):
            return Lexeme(Part.VALUE, Value(("cidr",), lower) if "/" in lower else self._ip(lower), said)
        size, label = _SIZE.fullmatch(lower), _LABEL.fullmatch(said)
        if size and int(size["number"]):
            unit = f"{size['number']}{size['unit'].upper()}iB"
            return Lexeme(Part.QUANTITY, size_in_bytes(unit), unit)
        if label:
            return Lexeme(Part.LABEL, (label["key"], label["value"]), said)
        return Lexeme(Part.NUMBER, int(lower), said) if lower.isdecimal() and len(lower) < 7 else None

    def _ip(self, lower: str) -> Value:
        bearers = dict.fromkeys(each.address for each, _ in self._register.by_ip.get(lower, ()))
        return Value(("ip",), lower, tuple(self._register.things[address] for address in bearers))

    def _address(self, lower: str) -> Entity | None:
        """An address of a type that there is, whether or not something bears it."""
        type_ = lower.partition(".")[0]
        if not _ADDRESS.fullmatch(lower) or PHRASES.get(type_) != (Part.TYPE, type_):
            return None
        return Entity(lower, type_, tuple(self._register.by_name.get(lower, ())))

    def _time(self, at: int) -> tuple[Lexeme, int] | None:
        for length in range(min(_LONGEST_TIME, len(self._lower) - at), 0, -1):
            words = " ".join(self._lower[at : at + length])
            when = read_time(words, self._now)
            if when is not None:
                return Lexeme(Part.TIME, when, words), length
        return None

    def _phrase(self, at: int) -> tuple[Lexeme | None, int]:
        for length in range(min(LONGEST_PHRASE, len(self._lower) - at), 0, -1):
            words = " ".join(self._lower[at : at + length])
            if (known := PHRASES.get(words)) is not None:
                return Lexeme(known[0], known[1], words), length
        return None, 0

    def _name(self, at: int, before: Lexeme) -> Lexeme | None:
        bearers = self._register.by_name.get(self._lower[at], ())
        if before.part is Part.TYPE:
            bearers = [each for each in bearers if each.type == before.value]
        if not bearers:
            return None
        return Lexeme(Part.ENTITY, Entity(self._tokens[at], bearers[0].type, tuple(bearers)), self._tokens[at])

    def _value(self, at: int) -> Lexeme:
        said = self._tokens[at].strip('"`“”')
        meanings = list(self._meanings(said, said.lower()))
        names = self._register.by_name.get(said.lower(), ())
        if names and not meanings:
            type_ = names[0].type if len({each.type for each in names}) == 1 else ""
            return Lexeme(Part.ENTITY, Entity(said, type_, tuple(names), is_bare=True), said)
        if names:
            meanings.append("name")
        if meanings:
            return Lexeme(Part.VALUE, Value(tuple(dict.fromkeys(meanings)), said, tuple(names)), said)
        lower = said.lower()
        if lower in self._register.label_values or said in self._register.label_values:
            return Lexeme(Part.LABEL_KEY, said if said in self._register.label_values else lower, said)
        if lower in CODES:
            return Lexeme(Part.CODE, lower, said)
        return Lexeme(Part.TEXT, said, said)

    def _meanings(self, said: str, lower: str) -> Iterator[str]:
        """The fields of which this is a value: of something recorded, or of the kind that the field has."""
        for field in sorted(self._register.values.get(lower, ())):
            yield "size" if field == "size_name" else field
        if lower in SIZES:
            yield "size"
        if lower in SYSTEMS or any(value.startswith(f"{lower}-") for value in self._register.images):
            yield "image"
        if lower in self._register.providers:
            yield "provider"
        if _is_like(lower, self._register.regions):
            yield "region"
        for key, values in self._register.label_values.items():
            if said in values or lower in values:
                yield f"label {key}"


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return "." in text or ":" in text


def _is_like(text: str, regions: frozenset[str]) -> bool:
    """`demo-9` where `demo-1` is a region."""
    stem = re.sub(r"-?\d+[a-z]?$", "", text)
    return stem != text and any(re.sub(r"-?\d+[a-z]?$", "", region) == stem for region in regions)
