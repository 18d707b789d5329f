"""Terms: the words of a query that tell something, and the stems that they are compared by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from sys import intern

from rag.search.aliases import one_name

LONGEST_QUERY = 2_000  # characters that are read of a query
MOST_WORDS = 32

_WORD = re.compile(r"\w+")
_STEMMED = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SILENT_WORDS = (
    "a an and are as at be by can could do does for from had has have how i if in into is isn it its me my no not of"
    " on or our should so than that the their them then there these they this to up us use used using was we were"
    " what when where which who why will with would you your"
)
_SILENT = frozenset(_SILENT_WORDS.split())
_ENDINGS = (
    "ization", "isation", "ational", "ations", "ation", "ingly", "ings", "ing", "edly", "ed", "ments", "ment", "ness",
    "ers", "er", "ly", "able", "ible", "al", "ive", "ion", "or",
)  # fmt: skip
_SHORTEST_STEM = 4
_VOWEL = re.compile("[aeiouy]")


def telling_words(text: str) -> tuple[str, ...]:
    """In their order, each once, without articles and question words; all of them when nothing else is there."""
    words = dict.fromkeys(_WORD.findall(text[:LONGEST_QUERY]))
    telling = [word for word in words if word.lower() not in _SILENT]
    return tuple((telling or list(words))[:MOST_WORDS])


def any_of(words: Iterable[str]) -> str:
    """An FTS5 query. Each word is quoted, so that nothing in it is an operator; empty for no words."""
    return " OR ".join(quoted(word) for word in words)


def quoted(phrase: str) -> str:
    return '"' + phrase.replace('"', '""').replace("\0", " ") + '"'


@lru_cache(maxsize=16_384)  # titles, paths and headings come up in one search after the other
def stems(text: str) -> tuple[str, ...]:
    """In the order of the text; `rotateKeys` is two words."""
    return tuple(stem(word) for word in words_of(_HUMP.sub(" ", text)))


@lru_cache(maxsize=8_192)  # so do passages; words are held once however many of them have them
def words_of(text: str) -> tuple[str, ...]:
    """In lower case, in the order of the text."""
    return tuple(map(intern, _STEMMED.findall(text.lower())))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Cruder than Porter's, for lower-case English: `installing`, `installed` and `installation` are `install`.

    Aliases of one thing have one stem.
    """
    word = _singular(one_name(word))
    for ending in _ENDINGS:
        base = word.removesuffix(ending)
        if base != word and len(base) >= _SHORTEST_STEM and _VOWEL.search(base):
            word = base[:-1] if base[-1] == base[-2] and base[-1] not in "lsz" else base
            break
    if len(word) > _SHORTEST_STEM:
        word = word.removesuffix("e")
    return word[:-1] + "i" if len(word) >= _SHORTEST_STEM and word.endswith("y") else word


def share(wanted: Sequence[str], present: Iterable[str]) -> float:
    """The part of these words that is present; 0 for none."""
    found = set(present)
    return sum(word in found for word in wanted) / len(wanted) if wanted else 0.0


def _singular(word: str) -> str:
    if len(word) > _SHORTEST_STEM and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > _SHORTEST_STEM and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) >= _SHORTEST_STEM and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
