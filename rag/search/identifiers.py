"""Identifiers: names that are meant to the letter, such as servers, addresses, run ids and error codes.

Fusing ranks loses them among chunks that are alike, so the chunks that hold a rare one are put on top.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from rag.model.query import Query
from rag.search.store import Store
from rag.search.terms import LONGEST_QUERY, any_of, quoted

RARE = 10  # chunks; a name in more of them tells too little
_MOST = 8
_SHORTEST, _LONGEST = 3, 80
_ALIKE = 0.8  # similarity of a name to what may have been meant by it, 1 for the same
_LOOKED_INTO = 40
_ROUGH = re.compile(r"[^\s\"'`\u2018-\u201f<>(){}\[\],;|]+")
_EDGES = ".:!?-_/*#=@&%$"
_PARTS = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_WITHIN = re.compile(r"\w[-_.:/@]\w")
_VERSION = re.compile(r"v?\d+(?:\.\d+)?")  # 2, 1.0 or v3: too plain to be a name
_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_HUMPS = re.compile(r"(?:[A-Z][a-z0-9]+){2,}")


def identifiers(text: str) -> tuple[str, ...]:
    """Names with digits in them, addresses, `ERROR_CODES` and `ErrorCodes`, each once, in their order."""
    found = (each.strip(_EDGES) for each in _ROUGH.findall(text[:LONGEST_QUERY]))
    return tuple(dict.fromkeys(each for each in found if is_identifier(each)))[:_MOST]


def is_identifier(word: str) -> bool:
    if not _SHORTEST <= len(word) <= _LONGEST or _VERSION.fullmatch(word):
        return False
    if _CODE.fullmatch(word) or _HUMPS.fullmatch(word):
        return True
    return bool(_DIGIT.search(word) and (_LETTER.search(word) or _WITHIN.search(word)))


def pinned(store: Store, query: Query) -> dict[int, int]:
    """The chunks that hold a rare identifier of the query, by key, and how many of them each holds."""
    counts: dict[int, int] = {}
    for name in _names(store, query):
        for key in _holding(store, query, name):
            counts[key] = counts.get(key, 0) + 1
    return counts


def _names(store: Store, query: Query) -> Sequence[str]:
    """As they stand in the query where the index knows them, else the known name that each is most like."""
    named = identifiers(query.text)
    # A word alone that nothing else is said with may be a name without a digit, such as a server's.
    alone = query.text.strip().strip(_EDGES)
    if not named and len(alone) <= _LONGEST and _WITHIN.search(alone) and not re.search(r"\s", alone):
        named = (alone,)
    return [meant for name in named if (meant := _meant(store, query, name))]


def _meant(store: Store, query: Query, name: str) -> str:
    if not _PARTS.search(name):
        return ""
    if store.frequency(_phrase(name), query.within, 1):
        return name
    close = get_close_matches(name.lower(), _known(store, query, name), n=1, cutoff=_ALIKE)
    return close[0] if close else ""


def _known(store: Store, query: Query, name: str) -> set[str]:
    """Identifiers in the chunks that share a part with a name, or the beginning of one."""
    parts = [part for part in _PARTS.findall(name) if len(part) > 1]
    begins = [f"{quoted(part[: max(3, len(part) // 2)])} *" for part in parts if len(part) >= _SHORTEST]
    keys: dict[int, float] = {}
    for match in (any_of(parts), " OR ".join(begins)):
        if match:
            keys |= dict(store.lexical(match, query.within, _LOOKED_INTO))
    return {
        known.lower()
        for stored in store.chunks(keys).values()
        for known in _every(f"{stored.title} {stored.chunk.text}")
    }


def _every(text: str) -> Iterable[str]:
    stripped = (each.strip(_EDGES) for each in _ROUGH.findall(text))
    return {each for each in stripped if is_identifier(each) or _WITHIN.search(each)}


def _holding(store: Store, query: Query, name: str) -> Sequence[int]:
    found = store.lexical(_phrase(name), query.within, RARE + 1)
    return [key for key, _ in found] if len(found) <= RARE else []


def _phrase(name: str) -> str:
    return quoted(" ".join(_PARTS.findall(name)))
