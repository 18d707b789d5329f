"""`python -m benchmarks.retrieval.train [--write]`: fits the numbers that rag/search/ranking.json ships.

Learns from the questions for tuning alone and says by cross-validation how well; writes numbers, no text of what it
learned from. How sure a search is, is learned on the whole corpus and on small worlds cut out of it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.retrieval.built import KEPT, built
from benchmarks.retrieval.data import add_data, named_data
from benchmarks.retrieval.fit import Logistic, fit, fit_logistic, folds
from benchmarks.retrieval.lessons import Learned, learned, lesson, signal_rows
from benchmarks.retrieval.measures import Quality, mean, quality
from benchmarks.retrieval.questions import Pages, Question
from benchmarks.retrieval.worlds import worlds
from rag.embed.contract import Embedder
from rag.embed.minilm import MiniLM
from rag.search.evidence import FEATURES
from rag.search.signals import SIGNALS
from rag.search.weights import FILE

_FOLDS = 5
_SEEDS = 5
_MEANING = ("meaning", "nearest_covers", "agreement")  # signals that there are none of without vectors
_REFUSED = 0.03  # of what can be answered: half of what is allowed, since other questions are other questions
_LETS_BY = 0.02  # of what can't be answered, without a word that the answer is weak
_SECOND_LOOK = 1.5  # tried by hand on the same questions: .5 to 3 differ by less than chance


@dataclass(frozen=True, slots=True)
class Judged:
    """Questions of one index, half the weight to those that it answers; `is_whole` tells the corpus from a world."""

    questions: Sequence[Learned]
    is_answered: NDArray[np.bool_]
    is_whole: bool

    @property
    def counts(self) -> NDArray[np.float64]:
        known = int(self.is_answered.sum())
        each = np.array([1 / known if ok else 1 / (len(self.questions) - known) for ok in self.is_answered])
        return each * (1.0 if self.is_whole else 1 / 24)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval.train", description=__doc__)
    add_data(parser)
    parser.add_argument("--write", action="store_true", help="into rag/search/ranking.json")
    wanted = parser.parse_args()
    pages, asked, unanswerable = named_data(wanted)
    embedder = MiniLM()
    whole = _judged(pages, asked, unanswerable, embedder)
    small = [
        _judged(each.pages, each.answerable, [*each.unanswerable, *unanswerable], embedder, is_whole=False)
        for each in worlds(pages, asked)
    ]
    answered = [each for each, ok in zip(whole.questions, whole.is_answered, strict=True) if ok]
    print("ranking, cross-validated:", _standing(answered))
    weights = fit([lesson(each)[0] for each in answered])
    both, by_words = (_Confidence.learned([whole, *small], weights, words=words) for words in (False, True))
    told = {
        "about": "Written by benchmarks/retrieval/train.py; see knowledge/concepts/retrieval-quality.md.",
        "ranking": _named(FEATURES, weights),
        "second_look": _SECOND_LOOK,
        "confidence": both.told(),
        "confidence_by_words": by_words.told(),
        "thresholds": both.thresholds(),
    }
    print("confidence, cross-validated:", both.standing(), "\nby words alone:", by_words.standing())
    text = json.dumps(told, indent=2) + "\n"
    print(text)
    if wanted.write:
        FILE.write_text(text, "utf-8")


def _judged(
    pages: Pages, asked: Sequence[Question], others: Sequence[Question], embedder: Embedder, *, is_whole: bool = True
) -> Judged:
    shelving = built(pages, embedder, KEPT if is_whole else KEPT / "worlds")
    with shelving.view() as store:
        known, unknown = learned(store, embedder, asked), learned(store, embedder, others)
    shelving.close()
    return Judged([*known, *unknown], np.arange(len(known) + len(unknown)) < len(known), is_whole)


def _standing(answered: Sequence[Learned]) -> Quality:
    lessons, pages = zip(*map(lesson, answered), strict=True)
    found: list[Quality] = []
    for seed in range(_SEEDS):
        fold = folds(lessons, _FOLDS, seed)
        for one in range(_FOLDS):
            weights = fit([each for each, mine in zip(lessons, fold, strict=True) if mine != one])
            for place in np.flatnonzero(fold == one).tolist():
                order = np.argsort(-(lessons[place].features @ weights), kind="stable").tolist()
                found.append(quality([pages[place][at] for at in order], answered[place].question.relevant))
    return mean(found)


@dataclass(frozen=True, slots=True)
class _Confidence:
    """`chances` are cross-validated, of the questions of the whole corpus."""

    model: Logistic
    chances: NDArray[np.float64]
    is_answered: NDArray[np.bool_]

    @classmethod
    def learned(cls, judged: Sequence[Judged], weights: NDArray[np.float64], *, words: bool) -> _Confidence:
        rows = np.concatenate([signal_rows(each.questions, weights, words=words) for each in judged])
        if words:
            rows[:, [SIGNALS.index(name) for name in _MEANING]] = 0.0
        is_answered = np.concatenate([each.is_answered for each in judged])
        counts = np.concatenate([each.counts for each in judged]) * len(judged[0].questions)
        groups = [question.group for each in judged for question in each.questions]
        fold_of = {group: place % _FOLDS for place, group in enumerate(sorted(set(groups)))}
        fold = np.array([fold_of[group] for group in groups])
        chances = np.empty(len(rows))
        for one in range(_FOLDS):
            model = fit_logistic(rows[fold != one], is_answered[fold != one], counts[fold != one])
            chances[fold == one] = 1 / (1 + np.exp(-model.scores(rows[fold == one])))
        whole = len(judged[0].questions)
        return cls(fit_logistic(rows, is_answered, counts), chances[:whole], is_answered[:whole])

    def thresholds(self) -> dict[str, float]:
        known, unknown = self.chances[self.is_answered], self.chances[~self.is_answered]
        none, weak = np.quantile(known, _REFUSED), np.quantile(unknown, 1 - _LETS_BY)
        return {"none": round(float(none), 3), "weak": round(float(max(none, weak)), 3)}

    def standing(self) -> str:
        known, unknown = self.chances[self.is_answered], self.chances[~self.is_answered]
        shares = {share: float(np.mean(unknown < np.quantile(known, share / 100))) for share in (1, 2, 3, 5)}
        return ", ".join(f"{share} % refused where answered: {of:.0%} where not" for share, of in shares.items())

    def told(self) -> dict[str, Any]:
        return {"offset": round(self.model.offset, 4), "weights": _named(SIGNALS, self.model.weights)}


def _named(names: Sequence[str], values: NDArray[np.float64]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}


if __name__ == "__main__":
    main()
