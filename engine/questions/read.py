"""Reading a question: every word takes a part, or the question is not for us."""

from __future__ import annotations

import difflib
import ipaddress
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine.model.quantity import size_in_bytes
from engine.questions.case import SettingFact
from engine.questions.lexeme import Lexeme, Part, Reading
from engine.questions.register import Register, Thing
from engine.questions.times import read_time
from engine.questions.words import CODES, LONGEST_PHRASE, ORDERS, PHRASES, SIZES, SYSTEMS

LONGEST_QUESTION = 400
_LONGEST_TIME = 7
_NAMES_COMPARED = 5000
_TOKEN = re.compile(r'"[^"]*"|`[^`]*`|“[^”]*”|\S+')
_ADDRESS = re.compile(r"[a-z][a-z0-9_]{0,30}\.[a-z][a-z0-9_-]{0,62}(?:\[[^\]\s]{1,64}\])?")
_RUN_ID = re.compile(r"(?:run-|r_)[0-9a-z]{4,40}")
_PLAN_ID = re.compile(r"(?:plan-|p_)[0-9a-f]{4,40}")
_LABEL = re.compile(r"(?P<key>[A-Za-z0-9][\w./-]{0,62})[=:](?P<value>[\w./-]{1,100})")
_SIZE = re.compile(r"(?P<number>\d{1,7})(?P<unit>[kmgt])i?b", re.IGNORECASE)
_CONTRACTIONS = {
    "what's": "what is", "who's": "who is", "where's": "where is", "how's": "how is", "there's": "there is",
    "what're": "what are", "when's": "when is", "whats": "what is", "why's": "why is", "didn't": "did not",
}  # fmt: skip
# What is asked of a name, so that the name is meant.
_OF_A_NAME = (
    Part.FIELD, Part.DEPENDS, Part.TIED, Part.HISTORY, Part.MOVED, Part.COST, Part.STATUS, Part.ERROR, Part.TYPE,
)  # fmt: skip
_JOINED = frozenset((Part.VALUE, Part.LABEL, Part.LABEL_KEY, Part.FIELD, Part.QUANTITY, Part.ENTITY, Part.STATUS))
_PLACES = ("region", "size", "image", "status", "provider")


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


def read_question(
    question: str, register: Register, now: datetime, settings: Mapping[str, SettingFact]
) -> Reading | None:
    """None when any word is not understood, or when it asks how to do something or what a thing is in general."""
    if len(question) > LONGEST_QUESTION:
        return None
    tokens = _tokens(question)
    if not tokens:
        return None
    lexemes = _joined(_Lexer(tokens, register, now, settings).lexemes(), register)
    if any(each.part in (Part.STOP, Part.UNKNOWN) for each in lexemes):
        return None
    told = [each for each in lexemes if each.part is not Part.FILLER]
    if not told or told[0].text in ORDERS:
        return None
    left_out = frozenset(each.text for each in lexemes if each.part is Part.FILLER)
    reading = Reading(tuple(told), left_out)
    return None if _is_mere_name(reading) or not _joins_alike(told) else reading


def _is_mere_name(reading: Reading) -> bool:
    """`data`, `what is cache`: a word that is also a name here, and nothing else says that the name is meant."""
    bare = any(each.value.is_bare for each in reading.all(Part.ENTITY))
    return bare and not (
        reading.has(*_OF_A_NAME) or reading.asks("list", "about", "why", "where", "when", "who", "count")
    )


def _joins_alike(lexemes: list[Lexeme]) -> bool:
    """`and` joins two of a kind; otherwise the sentence is not what it seems."""
    kept = [each for each in lexemes if each.part is not Part.DEFINITE]
    for before, joint, after in zip(kept, kept[1:], kept[2:], strict=False):
        alike = before.part is after.part or {before.part, after.part} <= _JOINED
        if joint.part is Part.AND and not alike:
            return False
    return not kept or Part.AND not in (kept[0].part, kept[-1].part)


def _tokens(question: str) -> list[str]:
    text = unicodedata.normalize("NFKC", question).replace("\u2019", "'").replace("\u2013", "-")
    found: list[str] = []
    for token in _TOKEN.findall(text):
        if token[0] in '"`“':
            found.append(token)
            continue
        word = token.strip("(){}<>*").rstrip("?!.,;:")
        plain = _CONTRACTIONS[word.lower()] if word.lower() in _CONTRACTIONS else word.removesuffix("'s")
        found += plain.split()
    return [token for token in found if token]


class _Lexer:
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


def _joined(lexemes: list[Lexeme], register: Register) -> list[Lexeme]:
    """What two neighbours say together: a type and a name, a field and its value, a label's key and value."""
    found: list[Lexeme] = []
    for each in lexemes:
        pair = _pair(found[-1], each) if found else None
        if pair is not None:
            found[-1] = pair
        else:
            found.append(each)
    return _settled(found, register)


def _pair(before: Lexeme, each: Lexeme) -> Lexeme | None:
    said = f"{before.text} {each.text}"
    match before.part, each.part:
        case Part.TYPE, Part.ENTITY if before.value == each.value.type:
            return Lexeme(Part.ENTITY, replace(each.value, is_bare=False), said)
        case Part.FIELD, Part.ENTITY if before.value == "id":
            return Lexeme(Part.ENTITY, each.value, said)
        case Part.LABELLED, Part.LABEL | Part.LABEL_KEY:
            return each
        case Part.LABEL_KEY, Part.VALUE | Part.TEXT | Part.ENTITY:
            return Lexeme(Part.LABEL, (before.value, each.text), said)
        case (Part.FIELD, Part.VALUE | Part.TEXT) | (Part.VALUE | Part.TEXT, Part.FIELD):
            return _valued(before, each, said)
        case _:
            return None


def _valued(before: Lexeme, each: Lexeme, said: str) -> Lexeme | None:
    """A field and its value, whichever stands first."""
    if before.part is Part.FIELD:
        known = before.value in _PLACES
        return Lexeme(Part.VALUE, Value((before.value,), each.text), said) if known else None
    meant = each.value in before.value.fields if before.part is Part.VALUE else each.value in ("region", "image")
    return Lexeme(Part.VALUE, Value((each.value,), before.text.strip('"`')), said) if meant else None


def _settled(lexemes: list[Lexeme], register: Register) -> list[Lexeme]:
    """Texts become names where a name must stand, and else are not understood."""
    found: list[Lexeme] = []
    for number, each in enumerate(lexemes):
        before = found[-1] if found else None
        named = before is not None and before.part is Part.NAMED
        if named and each.part in (Part.TEXT, Part.VALUE, Part.ENTITY):
            known = each.part is Part.ENTITY
            found[-1] = _meant(each) if known else _entity(each.text, _type_before(found), register)
        elif each.part is Part.VALUE and each.value.fields == ("name",):
            found.append(_entity(each.text, "", register, is_bare=True))
        elif before is not None and each.part is Part.TEXT and _may_name(before, each, register):
            found[-1] = _entity(each.text, str(before.value), register)
        elif each.part is not Part.GROUP or _groups(lexemes[number + 1 :]):
            found.append(each)
    return found


def _groups(after: list[Lexeme]) -> bool:
    """Whether `by` or `per` stands before what can be counted by."""
    return bool(after) and after[0].part in (Part.FIELD, Part.TYPE, Part.LABEL_KEY, Part.LABELLED)


def _may_name(before: Lexeme, each: Lexeme, register: Register) -> bool:
    """`server web-77`: a word that looks like a name, or nearly is one, right after a type in the singular."""
    if before.part is not Part.TYPE:
        return False
    singular = not before.text.endswith("s")
    looks = bool(re.fullmatch(r"[a-z][a-z0-9_]*-[a-z0-9-]+|[a-z]+[0-9]+", each.text.lower())) or '"' in each.text
    names = [known.name for known in register.by_type.get(before.value, ())][:_NAMES_COMPARED] if singular else []
    return singular and (looks or bool(difflib.get_close_matches(each.text.lower(), set(names), 1, 0.75)))


def _type_before(lexemes: list[Lexeme]) -> str:
    return next((str(each.value) for each in reversed(lexemes) if each.part is Part.TYPE), "")


def _meant(each: Lexeme) -> Lexeme:
    return Lexeme(each.part, replace(each.value, is_bare=False), each.text)


def _entity(said: str, type_: str, register: Register, *, is_bare: bool = False) -> Lexeme:
    bearers = [each for each in register.by_name.get(said.lower(), ()) if type_ in ("", each.type)]
    return Lexeme(Part.ENTITY, Entity(said, type_, tuple(bearers), is_bare), said)


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
