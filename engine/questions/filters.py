"""Filters: which resources a question is about, by what it says of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from engine.model.quantity import size_in_bytes
from engine.questions.case import Unsure
from engine.questions.lexeme import Lexeme, Part, Reading
from engine.questions.lexer import Value
from engine.questions.register import Register, Thing
from engine.questions.words import PHRASES

# How a server is, not what runs on it.
_MANNERS = frozenset(
    {
        "fine",
        "well",
        "slow",
        "slower",
        "fast",
        "faster",
        "hot",
        "low",
        "out",
        "smooth",
        "ok",
        "good",
        "bad",
        "late",
        "short",
    }
)
_TERM = re.compile(r"[a-z][a-z0-9_.+-]{1,40}")
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "more": lambda value, bound: value > bound, "least": lambda value, bound: value >= bound,
    "less": lambda value, bound: value < bound, "most": lambda value, bound: value <= bound,
    "": lambda value, bound: value == bound,
}  # fmt: skip
_COMPARED_WORDS = {"more": "over", "least": "at least", "less": "under", "most": "at most", "": ""}
_SMALL = frozenset((Part.DEFINITE, Part.ARTICLE, Part.TIED, Part.WITH, Part.LABELLED))
AMOUNTS = ("size", "memory", "disk", "cpu")


@dataclass(frozen=True, slots=True)
class Filter:
    """`words` complete "where …"; `among`, where it is known, are all the things for which it holds."""

    words: str
    holds: Callable[[Thing], bool]
    field: str = ""
    among: tuple[Thing, ...] | None = None


def filters_of(reading: Reading, register: Register, subject: Sequence[Thing]) -> list[Filter]:
    """Every filter that the reading states, alternatives of one field already joined.

    Raises `Unsure` where a word can mean two things that lead to different answers.
    """
    found: list[Filter] = []
    for number, each in enumerate(reading.lexemes):
        negated = _is_negated(reading, number)
        made = _filter(each, register, subject)
        if made is not None:
            found.append(_negated(made) if negated else made)
    found += _present(reading, register)
    return _joined([*found, *_amounts(reading)])


def takes_all(reading: Reading, filters: Sequence[Filter]) -> bool:
    """Whether every limit that is stated became a filter, so that none is passed over."""
    amounts = len(_amounts(reading))
    stated = len(reading.all(Part.QUANTITY, Part.NUMBER))
    negated = sum(each.words.startswith("not: ") for each in filters)
    mixed = any(" or " in each.words and "not: " in each.words for each in filters)
    return (
        amounts == stated
        and len(reading.all(Part.COMPARED)) <= amounts
        and not reading.has(Part.LABELLED)
        and not mixed
        and not (reading.has(Part.NOT) and reading.has(Part.AND))
        and negated in (0, len(reading.all(Part.NOT)))
    )


def narrowed(subject: Sequence[Thing], filters: Sequence[Filter], types: Collection[str]) -> list[Thing]:
    """Those of the subject, which is everything of these types, for which every filter holds."""
    known = [each.among for each in filters if each.among is not None]
    if not known:
        return [each for each in subject if all(it.holds(each) for it in filters)]
    fewest, rest = min(known, key=len), [each for each in filters if each.among is None or len(known) > 1]
    return [each for each in fewest if (not types or each.type in types) and all(it.holds(each) for it in rest)]


def amount(thing: Thing, field: str) -> float | None:
    """Bytes of a size, or a number; None where there is none."""
    return _amount(thing.text(field), field)


@lru_cache(4096)
def _amount(text: str, field: str) -> float | None:
    try:
        return float(text) if field == "cpu" else float(size_in_bytes(text))
    except ValueError:
        return None


def with_text(register: Register, type_: str, term: str) -> dict[str, str]:
    """By address, in which recorded field a resource of this type has to do with a term: the first of these four."""
    word = re.compile(rf"(?<![a-z0-9]){re.escape(term.lower())}")
    found: dict[str, str] = {}
    for key in sorted(register.label_values):
        for value, things in register.index(f"label {key}").items():
            if value and (word.search(value) or word.search(key.lower())):
                _note(found, things, type_, f"label {key}={value}")
    for field in ("name", "image", "user_data"):
        for value, things in register.index(field).items():
            if value and word.search(value):
                _note(found, things, type_, field if field == "user_data" else f"{field} {value}")
    return found


def runs_on(reading: Reading) -> str:
    """The term of `which servers run postgres`; empty where that is not asked."""
    for before, each in pairwise(reading.lexemes):
        verb = before.part is Part.RUN or before.part is Part.WITH or before.text in ("running", "use", "uses")
        term = each.text.lower().strip('"`')
        if verb and each.part in (Part.TEXT, Part.VALUE, Part.ENTITY) and _TERM.fullmatch(term):
            image = each.part is Part.VALUE and "image" in each.value.fields
            said = term not in _MANNERS and not term.endswith("ly")
            if said and not image and (each.part is Part.TEXT or before.part is Part.RUN or before.text == "running"):
                return term
    return ""


def _note(found: dict[str, str], things: Iterable[Thing], type_: str, by: str) -> None:
    for each in things:
        if each.type == type_:
            found.setdefault(each.address, by)


def _present(reading: Reading, register: Register) -> list[Filter]:
    """`Servers with a public address`: those that have one."""
    found: list[Filter] = []
    kept = [each for each in reading if each.part not in (Part.ARTICLE, Part.DEFINITE)]
    for number, (before, each) in enumerate(pairwise(kept), 2):
        valued = number < len(kept) and kept[number].part is Part.VALUE
        if before.part is Part.WITH and each.part is Part.FIELD and number > 2 and not valued:
            found.append(_has(str(each.value), register))
    return found


def _has(field: str, register: Register) -> Filter:
    words = f"a {field} is recorded" if field != "labels" else "labels are recorded"
    if field == "labels":
        return Filter(words, lambda thing: bool(thing.labels))
    return Filter(words, lambda thing: bool(register.value(thing, field)))


def _is_negated(reading: Reading, number: int) -> bool:
    """Whether `not` stands before it, with nothing but small words between."""
    while number > 0:
        number -= 1
        if reading.lexemes[number].part not in _SMALL:
            return reading.lexemes[number].part is Part.NOT
    return False


def _filter(each: Lexeme, register: Register, subject: Sequence[Thing]) -> Filter | None:
    match each.part:
        case Part.VALUE:
            return _value(each.value, register, subject)
        case Part.LABEL:
            key, value = each.value
            return _label(str(key), str(value), register)
        case Part.LABEL_KEY:
            key = str(each.value)
            return Filter(f"label {key} is set", lambda thing: str(key) in thing.labels)
        case Part.STATUS:
            word = each.text.lower()
            return Filter(f"status is {word}", lambda thing: thing.text("status").lower() == word, "status")
        case _:
            return None


def _value(value: Value, register: Register, subject: Sequence[Thing]) -> Filter:
    choices = [_of_field(field, value, register) for field in value.fields]
    if len(choices) == 1:
        return choices[0]
    kept = {tuple(each.address for each in subject if choice.holds(each)): choice for choice in reversed(choices)}
    some = {found: choice for found, choice in kept.items() if found}
    if len(some) > 1:
        raise Unsure(value.text)
    return next(iter((some or kept).values()))


def _of_field(field: str, value: Value, register: Register) -> Filter:
    text = value.text.lower().strip('"`')
    if field in ("ip", "name"):
        words = f"it has the address {text}" if field == "ip" else f"it is called {value.text}"
        bearers = {each.address for each in value.things}
        return Filter(words, lambda thing: thing.address in bearers, among=value.things)
    index = register.index(field)
    wanted = {text}
    if field == "image":
        wanted |= {image for image in index if image.startswith((f"{text}-", f"{text}:"))}
    among = [each for image in sorted(wanted) for each in index.get(image, ())]
    order = register.order
    among.sort(key=lambda thing: order[thing.address])
    return Filter(f"{field} is {value.text}", lambda thing: register.value(thing, field) in wanted, field, tuple(among))


def _label(key: str, value: str, register: Register) -> Filter:
    known = PHRASES.get(key.lower())
    field = f"label {key}"
    if key not in register.label_values and known is not None and known[0] is Part.FIELD:
        field = str(known[1])
    return _of_field(field, Value((field,), value), register)


def _negated(made: Filter) -> Filter:
    return Filter(f"not: {made.words}", lambda thing: not made.holds(thing))


def _amounts(reading: Reading) -> list[Filter]:
    """`larger than 10GiB`, `at least 4 cpus`, `10GiB`."""
    found: list[Filter] = []
    for number, each in enumerate(reading.lexemes):
        if each.part not in (Part.QUANTITY, Part.NUMBER):
            continue
        before = reading.lexemes[number - 1] if number else None
        how = str(before.value) if before is not None and before.part is Part.COMPARED else ""
        field = _amount_field(reading, number, each.part is Part.NUMBER)
        if field:
            bound, holds = float(each.value), _COMPARISONS[how]
            words = f"{field} is {_COMPARED_WORDS[how]} {each.text}".replace("  ", " ")
            found.append(Filter(words, _bounded(field, bound, holds)))
    return found


def _bounded(field: str, bound: float, holds: Callable[[float, float], bool]) -> Callable[[Thing], bool]:
    def check(thing: Thing) -> bool:
        value = amount(thing, field)
        return value is not None and holds(value, bound)

    return check


def _amount_field(reading: Reading, number: int, is_number: bool) -> str:
    near = [each.value for each in reading.all(Part.FIELD) if each.value in AMOUNTS]
    if is_number:
        return "cpu" if "cpu" in near else ""
    if near:
        return str(near[0])
    return "size" if reading.holds(Part.TYPE, "volume") else ""


def _joined(filters: Iterable[Filter]) -> list[Filter]:
    """Two values of one field are alternatives."""
    kept: list[Filter] = []
    for each in filters:
        same = next((number for number, other in enumerate(kept) if each.field and other.field == each.field), None)
        if same is None:
            kept.append(each)
        else:
            kept[same] = _either(kept[same], each)
    return kept


def _either(one: Filter, other: Filter) -> Filter:
    return Filter(f"{one.words} or {other.words}", lambda thing: one.holds(thing) or other.holds(thing), one.field)
