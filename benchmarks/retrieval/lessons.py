"""Lessons: what training reads of questions, their candidates in an index and the pages that answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.retrieval.fit import Lesson
from benchmarks.retrieval.questions import Question
from rag.embed.contract import Embedder
from rag.model.query import Query
from rag.search.candidates import Candidates, candidates
from rag.search.evidence import PageEvidence, evidence
from rag.search.signals import signals
from rag.search.store import Store


@dataclass(frozen=True, slots=True)
class Learned:
    """A question with what an index has for it, and that again by words alone."""

    question: Question
    found: Candidates
    by_words: Candidates

    @property
    def group(self) -> str:
        """Questions of one page are never on both sides of a cross-validation."""
        return min(self.question.relevant, default=self.question.id)


def learned(store: Store, embedder: Embedder, questions: Sequence[Question]) -> list[Learned]:
    """Those for which the index has anything at all."""
    found = (
        Learned(each, candidates(store, embedder, Query(each.text)), candidates(store, None, Query(each.text)))
        for each in questions
    )
    return [each for each in found if each.found.stored and each.by_words.stored]


def lesson(learned: Learned) -> tuple[Lesson, list[str]]:
    """With the ids of the candidate pages, in the order of the evidence."""
    seen = evidence(learned.found)
    pages = [chunks[0].document_id for chunks in seen.chunks]
    answers = np.array([page in learned.question.relevant for page in pages])
    return Lesson(seen.features, answers, learned.group), pages


def signal_rows(learned: Sequence[Learned], weights: NDArray[np.float64], *, words: bool) -> NDArray[np.float64]:
    """Of each question, the signals that its ranking by these weights gives."""
    return np.array(list(_rows(learned, weights, words=words)), float)


def _rows(learned: Sequence[Learned], weights: NDArray[np.float64], *, words: bool) -> Iterator[NDArray[np.float32]]:
    for each in learned:
        found = each.by_words if words else each.found
        seen = evidence(found)
        yield signals(found, seen, _order(seen, weights))


def _order(seen: PageEvidence, weights: NDArray[np.float64]) -> NDArray[np.intp]:
    return np.argsort(-(seen.features @ weights), kind="stable")
