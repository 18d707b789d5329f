"""One system on all questions: what it ranks, what its context holds, what it refuses, and how long it takes."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.retrieval.measures import Quality, Refusal, mean, quality, refusal_at, refusal_curve
from benchmarks.retrieval.questions import Question
from benchmarks.retrieval.systems import System, pages_of
from rag.embed.contract import Embedder
from rag.model.answer import Verdict
from rag.model.found import Found
from rag.model.query import Query
from rag.pack.pack import pack
from rag.search.store import Store
from rag.search.weights import weights

BUDGETS = (500, 1000, 2000, 4000)
_MOST_PASSAGES = 100  # the budget alone cuts the context


@dataclass(frozen=True, slots=True)
class Outcome:
    """`coverage` and `tokens` are by budget; `refused` is at the shipped threshold, None where a system has none."""

    quality: Quality
    each: Sequence[Quality]
    coverage: dict[int, float]
    tokens: dict[int, float]
    refused: Refusal
    curve: Sequence[Refusal]
    p50: float
    p95: float


def evaluate(
    system: System, store: Store, embedder: Embedder, asked: Sequence[Question], unanswerable: Sequence[Question]
) -> Outcome:
    """Without a threshold of its own, a system refuses at the one that refuses 5 % of what can be answered."""
    qualities: list[Quality] = []
    covered: dict[int, list[bool]] = {budget: [] for budget in BUDGETS}
    spent: dict[int, list[int]] = {budget: [] for budget in BUDGETS}
    answered: list[Found] = []
    seconds: list[float] = []
    for question in asked:
        began = time.perf_counter()
        found = system(store, embedder, Query(question.text))
        seconds.append(time.perf_counter() - began)
        answered.append(found)
        qualities.append(quality(pages_of(found.ranked), question.relevant))
        for budget in BUDGETS:
            uris, tokens = _context(found, question, budget)
            covered[budget].append(bool(uris & question.relevant))
            spent[budget].append(tokens)
    others = [system(store, embedder, Query(question.text)) for question in unanswerable]
    return Outcome(
        quality=mean(qualities),
        each=qualities,
        coverage={budget: float(np.mean(hits)) for budget, hits in covered.items()},
        tokens={budget: float(np.mean(counts)) for budget, counts in spent.items()},
        refused=_refused(answered, others),
        curve=refusal_curve([each.confidence for each in answered], [each.confidence for each in others]),
        p50=1000 * float(np.percentile(seconds, 50)),
        p95=1000 * float(np.percentile(seconds, 95)),
    )


def _context(found: Found, question: Question, budget: int) -> tuple[set[str], int]:
    """The pages in the packed context; what is refused is packed too, since refusing is measured by itself."""
    shown = dataclasses.replace(found, verdict=Verdict.GOOD)
    answer = pack(shown, Query(question.text, limit=_MOST_PASSAGES, token_budget=budget))
    return {passage.uri for passage in answer.passages}, answer.tokens


def _refused(answered: Sequence[Found], others: Sequence[Found]) -> Refusal:
    known, unknown = ([each.confidence for each in side] for side in (answered, others))
    if any(each.verdict is not Verdict.GOOD for each in (*answered, *others)):
        shares = [float(np.mean([each.verdict is Verdict.NONE for each in side] or [0])) for side in (others, answered)]
        return Refusal(weights().none, *shares)
    return refusal_at(float(np.quantile(known, 0.05)), known, unknown)
