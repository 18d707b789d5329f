"""Fitting: linear weights that rank a query's pages, and a logistic model of whether any of them answers.

Ranking minimises the loss of a softmax over a query's candidate pages (the probability that is put on the pages that
answer), with a penalty on the squares of the weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.search.evidence import Matrix

Numbers = NDArray[np.float64]
_ROUNDS = 400
_RATE = 0.05
_NEWTON_STEPS = 25


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question's candidate pages: their evidence, which of them answer, and what it counts for."""

    features: Matrix
    answers: NDArray[np.bool_]
    group: str
    weight: float = 1.0


def fit(lessons: Sequence[Lesson], penalty: float = 10.0) -> Numbers:
    """Weights of the features as they are, by Adam on features scaled to a spread of 1."""
    useful = [each for each in lessons if each.answers.any()]
    spread = np.concatenate([each.features for each in useful]).std(axis=0) + 1e-6
    flat = _Flat(useful, spread)
    weights = np.zeros(len(spread))
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _ROUNDS + 1):
        slope = flat.slope(weights) + 2 * penalty * weights
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        weights -= _RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-9)
    return weights / spread


class _Flat:
    """All lessons below one another, each a run of rows."""

    def __init__(self, lessons: Sequence[Lesson], spread: Numbers) -> None:
        self._rows = np.concatenate([each.features for each in lessons]) / spread
        self._answers = np.concatenate([each.answers for each in lessons])
        lengths = [len(each.answers) for each in lessons]
        self._starts = np.cumsum([0, *lengths[:-1]])
        self._lesson = np.repeat(np.arange(len(lessons)), lengths)
        self._counts = np.array([each.weight for each in lessons])[self._lesson]

    def slope(self, weights: Numbers) -> Numbers:
        scores = self._rows @ weights
        scores = np.exp(scores - np.maximum.reduceat(scores, self._starts)[self._lesson])
        everything = np.add.reduceat(scores, self._starts)[self._lesson]
        right = np.add.reduceat(scores * self._answers, self._starts)[self._lesson]
        wanted = np.where(self._answers, scores / (right + 1e-12), 0.0)
        return self._rows.T @ (self._counts * (scores / everything - wanted))


def folds(lessons: Sequence[Lesson], count: int, seed: int) -> NDArray[np.int64]:
    """The fold of each lesson; lessons of one group share theirs."""
    groups = sorted({each.group for each in lessons})
    order = np.random.default_rng(seed).permutation(len(groups))
    fold_of: dict[str, int] = {groups[at]: place % count for place, at in enumerate(order)}
    return np.array([fold_of[each.group] for each in lessons])


@dataclass(frozen=True, slots=True)
class Logistic:
    weights: Numbers
    offset: float

    def scores(self, rows: Numbers) -> Numbers:
        return rows @ self.weights + self.offset


def fit_logistic(rows: Numbers, is_answered: NDArray[np.bool_], counts: Numbers, penalty: float = 2.0) -> Logistic:
    """By Newton's method; the penalty is on the weights of signals scaled to a spread of 1."""
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    table = np.column_stack(((rows - middle) / spread, np.ones(len(rows))))
    held = np.diag([*[2 * penalty] * rows.shape[1], 1e-6])
    weights = np.zeros(table.shape[1])
    for _ in range(_NEWTON_STEPS):
        chances = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (counts * (chances - is_answered)) + held @ weights
        bend = (table * (counts * chances * (1 - chances))[:, None]).T @ table + held
        weights = weights - np.linalg.solve(bend, slope)
    scaled = weights[:-1] / spread
    return Logistic(scaled, float(weights[-1] - scaled @ middle))
