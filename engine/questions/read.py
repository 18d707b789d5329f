"""Reading a question: every word takes a part, or the question is not for us."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from engine.model.run import RunStatus
from engine.questions.case import SettingFact
from engine.questions.lexeme import Lexeme, Part, Reading
from engine.questions.lexer import Entity, Lexer, Value
from engine.questions.register import Register
from engine.questions.words import ORDERS

LONGEST_QUESTION = 400
_NAMES_COMPARED = 5000
_TOKEN = re.compile(r'"[^"]*"|`[^`]*`|“[^”]*”|\S+')
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


def read_question(
    question: str, register: Register, now: datetime, settings: Mapping[str, SettingFact]
) -> Reading | None:
    """None when any word is not understood, or when it asks how to do something or what a thing is in general."""
    if len(question) > LONGEST_QUESTION:
        return None
    tokens = _tokens(question)
    if not tokens:
        return None
    lexemes = _joined(Lexer(tokens, register, now, settings).lexemes(), register)
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
        if joint.part is Part.AND and not alike and after.part is not Part.ASK:
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
        case Part.TYPE | Part.FIELD, Part.ENTITY if before.value in (each.value.type, "id"):
            return Lexeme(Part.ENTITY, replace(each.value, is_bare=False), said)
        case Part.LABELLED, Part.LABEL | Part.LABEL_KEY:
            return each
        case Part.LABEL_KEY, Part.LABELLED | Part.SET_TO:
            return before
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
        elif each.text == "capacity" and _is_of_failures(lexemes):
            found.append(Lexeme(Part.CODE, "capacity", each.text))
        elif each.part is not Part.GROUP or _groups(lexemes[number + 1 :]):
            found.append(each)
    return found


def _is_of_failures(lexemes: list[Lexeme]) -> bool:
    """Whether `capacity` is the error, not the size."""
    return any(each.part is Part.ERROR or each.value is RunStatus.FAILED for each in lexemes)


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
