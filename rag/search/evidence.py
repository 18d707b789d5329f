"""Evidence: what speaks for each candidate page, as numbers that mean the same in any index.

Nothing here knows a product, a format or a size: scores are taken relative to the best one of the same query, words
are weighed by their rarity, and the place of a page is compared with the places of the others.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.model.found import StoredChunk
from rag.search.candidates import Candidates
from rag.search.terms import share, stem, stems, words_of

FEATURES = (
    "words", "words_sum", "meaning", "meaning_two", "chunk_covers", "page_covers", "rarest_covered", "nearest_covers",
    "wordiest_covers", "wordiest_meaning", "chunk_pairs", "hits", "opening",
    "title_covers", "title_covered", "title_both", "title_pairs", "name_covers", "name_covered", "path_covers",
    "heading_covers", "heading_both", "heading_pairs", "depth", "is_index",
    "section_near", "section_words", "section_named",
)  # fmt: skip
APART = " > "
_TOP = 30  # chunks of each side that tell which section of the index is asked about
_SUFFIX = re.compile(r"(\.[A-Za-z0-9]{1,5})+$")
_LINK = re.compile(r"!?\[[^\[\]]{0,300}\]\([^()]{0,1000}\)")
_INDEX = re.compile(r"(?:^|/)_?(?:index|readme)$", re.IGNORECASE)
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PageEvidence:
    """Rows of `features` belong to `pages`; `chunks` are each page's candidates, the best first."""

    pages: tuple[int, ...]
    chunks: tuple[tuple[StoredChunk, ...], ...]
    features: Matrix


@dataclass(frozen=True, slots=True)
class _Chunk:
    """What the words of a query find in a chunk with its headings: which of them, and which pairs side by side."""

    stored: StoredChunk
    words: float
    meaning: float
    covers: frozenset[int]
    pairs: float


class _Asked:
    """The query as stems with weights that add up to 1."""

    def __init__(self, found: Candidates) -> None:
        weights: dict[str, float] = {}
        sequence: list[str] = []
        for word in found.words:
            parts = stems(word)
            sequence += parts
            for part in parts:
                weights[part] = max(weights.get(part, 0.0), found.rarity.get(word, 0.0))
        total = sum(weights.values()) or 1.0
        self.stems = frozenset(weights)
        self.places = {part: place for place, part in enumerate(weights)}
        self.weights = [weight / total for weight in weights.values()]
        self.rarest = max(range(len(self.weights)), key=self.weights.__getitem__, default=-1)
        self._pairs = {
            pair: self.weights[self.places[pair[0]]] + self.weights[self.places[pair[1]]] for pair in pairwise(sequence)
        }
        self._of_pairs = sum(self._pairs.values())
        self._place_of = _Places(self.places)

    def covered(self, present: Iterable[str]) -> float:
        return self.weight(frozenset(self.places[part] for part in self.stems.intersection(present)))

    def weight(self, places: frozenset[int]) -> float:
        return sum(self.weights[place] for place in places)

    def pairs_in(self, sequence: Sequence[str]) -> float:
        if not self._pairs:
            return 0.0
        found = set(pairwise(sequence)) & self._pairs.keys()
        return sum(self._pairs[pair] for pair in found) / self._of_pairs

    def read(self, text: str) -> tuple[frozenset[int], float]:
        """Which words stand in a text, by their places, and the weight of the pairs that do."""
        read = list(map(self._place_of.__getitem__, words_of(text)))
        found = set(read) - {-1}
        if len(found) < 2 or not self._pairs:
            return frozenset(found), 0.0
        beside = set(pairwise(read))
        pairs = sum(
            weight for pair, weight in self._pairs.items() if (self.places[pair[0]], self.places[pair[1]]) in beside
        )
        return frozenset(found), pairs / self._of_pairs


class _Places(dict[str, int]):
    """Of any word of a text: its place in the query by its stem, -1 when it has none. Filled as words come up."""

    def __init__(self, places: Mapping[str, int]) -> None:
        super().__init__()
        self._places = places

    def __missing__(self, word: str) -> int:
        self[word] = place = self._places.get(stem(word), -1)
        return place


def evidence(found: Candidates) -> PageEvidence:
    asked = _Asked(found)
    pages: dict[int, list[StoredChunk]] = defaultdict(list)
    for stored in found.stored.values():
        pages[stored.document_key].append(stored)
    best_words = max(found.lexical.values(), default=0.0) or 1.0
    sections = _Sections(found)
    chunks: list[tuple[StoredChunk, ...]] = []
    rows: list[list[float]] = []
    for members in pages.values():
        read = [_read(each, asked, found, best_words) for each in members]
        rows.append([*_of_chunks(read, asked), *_of_page(members, asked), *sections.of(members[0], asked)])
        chunks.append(tuple(each.stored for each in sorted(read, key=_order, reverse=True)))
    features = np.array(rows, np.float32).reshape(-1, len(FEATURES))
    return PageEvidence(tuple(pages), tuple(chunks), features)


def _read(stored: StoredChunk, asked: _Asked, found: Candidates, best_words: float) -> _Chunk:
    chunk = stored.chunk
    covers, pairs = asked.read(_LINK.sub(" ", chunk.text) if "](" in chunk.text else chunk.text)
    above, _ = asked.read(" ".join((stored.title, *chunk.crumb)))
    words = found.lexical.get(stored.key, 0.0) / best_words
    return _Chunk(stored, words, found.cosines.get(stored.key, 0.0), covers | above, pairs)


def _order(chunk: _Chunk) -> float:
    """Within a page: by both sides alike."""
    return chunk.words + 2 * chunk.meaning


def _of_chunks(read: Sequence[_Chunk], asked: _Asked) -> list[float]:
    near = sorted((each.meaning for each in read), reverse=True)
    nearest = max(read, key=lambda each: each.meaning)
    wordiest = max(read, key=lambda each: each.words)
    union = frozenset[int]().union(*(each.covers for each in read))
    return [
        wordiest.words,
        math.log1p(sum(each.words for each in read)),
        near[0],
        sum(near[:2]) / len(near[:2]),
        max(asked.weight(each.covers) for each in read),
        asked.weight(union),
        float(asked.rarest in union),
        asked.weight(nearest.covers),
        asked.weight(wordiest.covers),
        wordiest.meaning,
        max(each.pairs for each in read),
        math.log1p(len(read)),
        float(nearest.stored.chunk.ordinal == 0),
    ]


def _of_page(members: Sequence[StoredChunk], asked: _Asked) -> list[float]:
    first = members[0]
    above, _, own = first.title.rpartition(APART)
    title, path = stems(own), _SUFFIX.sub("", first.document_id.partition("#")[0])
    name = stems(path.rpartition("/")[2])
    covers, covered = asked.covered((*title, *stems(above))), share(title, asked.stems)
    headings = [stems(heading) for heading in dict.fromkeys(_headings(members))]
    return [
        covers,
        covered,
        _both(covers, covered),
        asked.pairs_in(title),
        asked.covered(name),
        share(name, asked.stems),
        asked.covered(stems(path)),
        max((asked.covered(each) for each in headings), default=0.0),
        max((_both(asked.covered(each), share(each, asked.stems)) for each in headings), default=0.0),
        max((asked.pairs_in(each) for each in headings), default=0.0),
        path.count("/") / 5,
        float(_INDEX.search(path) is not None),
    ]


def _headings(members: Sequence[StoredChunk]) -> Iterable[str]:
    for each in members:
        yield from each.chunk.crumb[bool(each.title) :]


def _both(one: float, other: float) -> float:
    """Their harmonic mean."""
    return 2 * one * other / (one + other) if one + other else 0.0


class _Sections:
    """Which part of the index is asked about: that in which most of each side's first chunks stand."""

    def __init__(self, found: Candidates) -> None:
        self._near = _votes([found.stored[key] for key in found.dense[:_TOP]])
        self._words = _votes([found.stored[key] for key in list(found.lexical)[:_TOP]])

    def of(self, stored: StoredChunk, asked: _Asked) -> list[float]:
        section = _section(stored)
        named = asked.stems.intersection(stems(section.rpartition("/")[2]))
        return [self._near.get(section, 0.0), self._words.get(section, 0.0), float(bool(named))]


def _votes(chunks: Sequence[StoredChunk]) -> dict[str, float]:
    votes: dict[str, float] = defaultdict(float)
    for place, stored in enumerate(chunks):
        votes[_section(stored)] += 1 / (place + 5)
    total = sum(votes.values())
    return {section: vote / total for section, vote in votes.items()}


def _section(stored: StoredChunk) -> str:
    """What the title names before it, else the folder."""
    above = stored.title.rpartition(APART)[0]
    return above or stored.document_id.rpartition("/")[0]
