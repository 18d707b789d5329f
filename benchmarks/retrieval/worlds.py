"""Small worlds: a few pages of a corpus as an index of their own, as a young workspace has.

How sure a search is has to mean the same in an index of five pages as in one of a thousand, so that it is learned on
both. A world knows half of the corpus's tools: questions about the others have no answer in it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.retrieval.questions import Pages, Question

SIZES = (5, 25, 100)
EACH = 4
_ASKED_ABOUT = 0.6  # of a world's pages answer one of the questions


@dataclass(frozen=True, slots=True)
class World:
    pages: Pages
    answerable: Sequence[Question]
    unanswerable: Sequence[Question]


def worlds(pages: Pages, asked: Sequence[Question]) -> Iterator[World]:
    """The same ones every time. Questions whose tool is known but whose page is not there are left out of each."""
    chance = random.Random(11)
    tools = sorted({tool_of(page) for page in pages.marks()})
    for size in SIZES:
        for _ in range(EACH):
            known = set(chance.sample(tools, len(tools) // 2))
            yield _world(pages, asked, known, size, chance)


def _world(pages: Pages, asked: Sequence[Question], known: set[str], size: int, chance: random.Random) -> World:
    right = sorted({page for each in asked for page in each.relevant if tool_of(page) in known})
    others = sorted(page for page in pages.marks() if tool_of(page) in known and page not in right)
    chosen = chance.sample(right, min(len(right), int(size * _ASKED_ABOUT)))
    chosen += chance.sample(others, min(len(others), size - len(chosen)))
    return World(
        pages.only(chosen),
        [each for each in asked if each.relevant & set(chosen)],
        [each for each in asked if not {tool_of(page) for page in each.relevant} & known],
    )


def tool_of(page: str) -> str:
    """The project whose page it is; its id begins with the repository."""
    return page.partition(":")[0]
