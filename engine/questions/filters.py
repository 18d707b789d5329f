"""Filters: which resources a question is about, by what it says of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from engine.model.quantity import size_in_bytes
from engine.questions.case import Unsure
from engine.questions.lexeme import Lexeme, Part, Reading
from engine.questions.read import Value
from engine.questions.register import Register, Thing
from engine.questions.words import PHRASES

# How a server is, not what runs on it.
_MANNERS = frozenset(
    [
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
        "long",
    ]
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
    """`words` complete "where …"."""

    words: str
    holds: Callable[[Thing], bool]
    field: str = ""


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
    return _joined([*found, *_amounts(reading)])


def amount(thing: Thing, field: str) -> float | None:
    """Bytes of a size, or a number; None where there is none."""
    text = thing.text(field)
    try:
        return float(text) if field == "cpu" else float(size_in_bytes(text))
    except ValueError:
        return None


def matches_text(thing: Thing, term: str) -> str:
    """By which recorded field a resource has to do with a term; empty if by none."""
    word = re.compile(rf"(?<![a-z0-9]){re.escape(term.lower())}")
    for key, value in sorted(thing.labels.items()):
        if word.search(value.lower()) or word.search(key.lower()):
            return f"label {key}={value}"
    for field, text in (
        ("name", thing.slug), ("image", thing.text("image")), ("user_data", thing.text("user_data")),
        ("name in the cloud", thing.text("name")),
    ):  # fmt: skip
        if text and word.search(text.lower()):
            return field if field == "user_data" else f"{field} {text}"
    return ""


def runs_on(reading: Reading) -> str:
    """The term of `which servers run postgres`; empty where that is not asked."""
    for before, each in zip(reading.lexemes, reading.lexemes[1:], strict=False):
        verb = before.part is Part.RUN or before.part is Part.WITH or before.text in ("running", "use", "uses")
        term = each.text.lower().strip('"`')
        if verb and each.part in (Part.TEXT, Part.VALUE, Part.ENTITY) and _TERM.fullmatch(term):
            image = each.part is Part.VALUE and "image" in each.value.fields
            said = term not in _MANNERS and not term.endswith("ly")
            if said and not image and (each.part is Part.TEXT or before.part is Part.RUN or before.text == "running"):
                return term
    return ""


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
            return _value(each.value, subject)
        case Part.LABEL:
            return _label(*each.value, register)
        case Part.LABEL_KEY:
            key = str(each.value)
            return Filter(f"label {key} is set", lambda thing: key in thing.labels)
        case Part.STATUS:
            word = each.text.lower()
            return Filter(f"status is {word}", lambda thing: thing.text("status").lower() == word, "status")
        case _:
            return None


def _value(value: Value, subject: Sequence[Thing]) -> Filter:
    choices = [_of_field(field, value) for field in value.fields]
    kept = {tuple(each.address for each in subject if choice.holds(each)): choice for choice in reversed(choices)}
    if len(kept) > 1:
        some = {found: choice for found, choice in kept.items() if found}
        if len(some) > 1:
            raise Unsure(value.text)
        return next(iter(some.values()))
    return next(iter(kept.values()))


def _of_field(field: str, value: Value) -> Filter:
    text = value.text.lower().strip('"`')
    bearers = {each.address for each in value.things}
    if field in ("ip", "name"):
        words = f"it has the address {text}" if field == "ip" else f"it is called {value.text}"
        return Filter(words, lambda thing: thing.address in bearers)
    if field.startswith("label "):
        key = field.removeprefix("label ")
        return Filter(f"{field} is {value.text}", lambda thing: thing.labels.get(key, "").lower() == text, field)
    holds: dict[str, Callable[[Thing], bool]] = {
        "size": lambda thing: text in (thing.text("size").lower(), _size_name(thing)),
        "image": lambda thing: _is_image(thing, text),
        "provider": lambda thing: thing.provider == text,
    }
    return Filter(f"{field} is {value.text}", holds.get(field, lambda thing: thing.text(field).lower() == text), field)


def _size_name(thing: Thing) -> str:
    return "" if thing.text("size") else thing.text("size_name").lower()


def _is_image(thing: Thing, text: str) -> bool:
    image = thing.text("image").lower()
    return image == text or image.startswith((f"{text}-", f"{text}:"))


def _label(key: str, value: str, register: Register) -> Filter:
    known = PHRASES.get(key.lower())
    if key not in register.label_values and known is not None and known[0] is Part.FIELD:
        return _of_field(str(known[1]), Value((str(known[1]),), value))
    wanted = value.lower().strip('"`')
    return Filter(f"label {key} is {value}", lambda thing: thing.labels.get(key, "").lower() == wanted, f"label {key}")


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
