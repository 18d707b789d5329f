"""From a purpose to services: a mode, a category, or words that are matched one by one. No model guesses anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from engine.advice.modes import modes
from engine.model.service import CATEGORIES, Service
from engine.model.service_advice import Recommended, ServiceAdvice
from engine.registry.services import Services

_WORD = re.compile(r"[a-z0-9]+")
_MOST_WORDS = 24
_LONGEST_PURPOSE, _LONGEST_SHOWN = 2_000, 60
# Words that name no service by themselves.
_FILLERS = frozenset(
    _WORD.findall("""
    a an and are at by can do few for from have high i in is it me my need needs of on one or our own please put run
    runs server servers service services set setup small some something stack system that the their them to two up
    use using want we which with simple good best large real
    """)
)
# How much a match counts by where it is.
_NAME, _PURPOSE, _PART, _CATEGORY, _SUMMARY = 100, 60, 20, 15, 5
_LATER_PURPOSE = 3
_MOST_OTHERS = 3


def recommend(purpose: str, known: Services) -> ServiceAdvice:
    """For an empty text nothing. What services require comes before them, and says by whom it is required."""
    purpose = purpose[:_LONGEST_PURPOSE]
    words = _words(purpose)
    plain = "-".join(purpose.lower().split())
    if plain in modes():
        mode = modes()[plain]
        return _advice(purpose, {name: f"{why}, in mode {plain}" for name, why in mode.services.items()}, (), known)
    if plain in CATEGORIES and plain not in known:
        inside = sorted(each.name for each in known.values() if each.category == plain)
        chosen = tuple(Recommended(known[name], known[name].summary) for name in inside)
        return ServiceAdvice(purpose, chosen, is_choice=True)
    if not words and purpose.strip():
        return ServiceAdvice(purpose, unknown=(purpose.strip()[:_LONGEST_SHOWN],))
    return _by_words(purpose, words, known)


def _by_words(purpose: str, words: Sequence[str], known: Services) -> ServiceAdvice:
    """One service for each word, the one it fits best; and those that two of the words mean together."""
    scores = {term: _scores(term, known) for term in _terms(words, known)}
    best: dict[str, str] = {}
    for term, found in scores.items():
        if found:
            best[term] = min(found, key=lambda name: (-found[name], name not in best.values(), name))
    reasons = dict.fromkeys(best.values(), "")
    for name in known:
        joined = [term for term in scores if name in scores[term]]
        if name not in reasons and _joins(known[name], {term: scores[term][name] for term in joined}):
            reasons[name] = "for " + " and ".join(f"“{term}”" for term in joined) + " together"
    for term, name in best.items():
        reasons[name] = reasons[name] or f"for “{term}”{_instead(scores[term], reasons)}"
    return _advice(purpose, reasons, tuple(term for term, found in scores.items() if not found), known)


def _scores(term: str, known: Services) -> dict[str, int]:
    return {name: score for name, each in known.items() if (score := _score(each, term))}


def _instead(scores: Mapping[str, int], taken: Iterable[str]) -> str:
    """What else the word means as much; nothing where a service is called so."""
    others = sorted(name for name, score in scores.items() if score > _PART and name not in taken)
    return f"; instead: {', '.join(others[:_MOST_OTHERS])}" if others and max(scores.values()) < _NAME else ""


def _joins(service: Service, terms: Mapping[str, int]) -> bool:
    """Such as postgres-exporter for postgres and monitoring: its name says the one, a purpose of it the other."""
    parts = _plain(service.name).split()
    return any(_plain(term) in parts for term in terms) and any(_PART < score < _NAME for score in terms.values())


def _advice(purpose: str, reasons: Mapping[str, str], unknown: tuple[str, ...], known: Services) -> ServiceAdvice:
    wanted = _with_required(reasons, known)
    needed_by: dict[str, list[str]] = {}
    for name in wanted:
        for needed in known[name].requires:
            needed_by.setdefault(needed, []).append(name)
    services = tuple(
        Recommended(known[name], reasons[name])
        if name in reasons
        else Recommended(
            known[name], f"{' and '.join(needed_by[name])} can't do without it", tuple(needed_by[name])
        )
        for name in wanted
    )  # fmt: skip
    optional: dict[str, str] = {}
    for name in wanted:
        for beside in known[name].suggests:
            if beside not in wanted:
                optional.setdefault(beside, f"good beside {name}: {_lower(known[beside].summary)}")
    return ServiceAdvice(purpose, services, tuple(optional.items()), unknown)


def _with_required(names: Iterable[str], known: Services) -> list[str]:
    """The names in their order, each after what it requires."""
    found: list[str] = []
    for name in names:
        if name not in found:
            found += [each for each in _with_required(known[name].requires, known) if each not in found]
            found.append(name)
    return found


def _terms(words: Sequence[str], known: Services) -> list[str]:
    """Words, and rows of them that are a purpose of their own, such as “object storage”; fillers alone are left out."""
    phrases = {_plain(phrase) for each in known.values() for phrase in (*each.purposes, each.name)}
    terms: list[str] = []
    place = 0
    while place < len(words):
        row = next((size for size in (3, 2) if _plain(" ".join(words[place : place + size])) in phrases), 1)
        if row > 1 or words[place] not in _FILLERS:
            terms.append(" ".join(words[place : place + row]))
        place += row
    return list(dict.fromkeys(terms))


def _score(service: Service, term: str) -> int:
    plain = _plain(term)
    if plain == _plain(service.name):
        return _NAME
    purposes = [_plain(each) for each in service.purposes]
    if plain in purposes:
        return _PURPOSE - _LATER_PURPOSE * purposes.index(plain)
    if plain in _plain(service.name).split() or any(plain in each.split() for each in purposes):
        return _PART
    if plain == _plain(service.category) or plain in _plain(service.category).split():
        return _CATEGORY
    return _SUMMARY if plain in _plain(service.summary).split() else 0


def _words(purpose: str) -> list[str]:
    return _WORD.findall(purpose.lower())[:_MOST_WORDS]


@lru_cache(maxsize=2_000)
def _plain(text: str) -> str:
    return " ".join(_singular(word) for word in _WORD.findall(text.lower()))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _lower(text: str) -> str:
    head = text.split(" ", 1)[0]
    return text if head[1:] != head[1:].lower() else text[:1].lower() + text[1:]
