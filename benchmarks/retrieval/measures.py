"""Measures of a ranking of pages against the pages that answer: averages over queries, binary gains."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FIRST = 10
_RESAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class Quality:
    hit5: float
    mrr10: float
    ndcg10: float
    recall5: float


def quality(ranked: Sequence[str], relevant: Collection[str]) -> Quality:
    """Of one query; `ranked` are pages, each once, best first. At least one page is relevant."""
    places = [place for place, page in enumerate(ranked[:FIRST]) if page in relevant]
    gained = sum(1 / math.log2(place + 2) for place in places)
    best = sum(1 / math.log2(place + 2) for place in range(min(FIRST, len(relevant))))
    early = sum(place < 5 for place in places)
    return Quality(float(early > 0), 1 / (places[0] + 1) if places else 0.0, gained / best, early / len(relevant))


def mean(of: Sequence[Quality]) -> Quality:
    rows = np.array([(each.hit5, each.mrr10, each.ndcg10, each.recall5) for each in of])
    return Quality(*(float(value) for value in rows.mean(axis=0)))


@dataclass(frozen=True, slots=True)
class Difference:
    """Of a mean, with the bounds of its 95 % interval, and how often a resample had none or the opposite one."""

    mean: float
    low: float
    high: float
    p: float


def paired_bootstrap(ours: Sequence[float], theirs: Sequence[float], seed: int = 0) -> Difference:
    gaps = np.array(ours) - np.array(theirs)
    picks = np.random.default_rng(seed).integers(0, len(gaps), (_RESAMPLES, len(gaps)))
    means: NDArray[np.float64] = gaps[picks].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Difference(float(gaps.mean()), float(low), float(high), float((means <= 0).mean()))


@dataclass(frozen=True, slots=True)
class Refusal:
    """At `threshold`: the share of questions without an answer that are refused, and of those with one."""

    threshold: float
    unanswerable: float
    answerable: float


def refusal_at(threshold: float, answerable: Sequence[float], unanswerable: Sequence[float]) -> Refusal:
    """From the confidences of both kinds of questions: what is below the threshold is refused."""
    refused = (float(np.mean(np.array(each) < threshold)) if each else 0.0 for each in (unanswerable, answerable))
    return Refusal(threshold, *refused)


def refusal_curve(answerable: Sequence[float], unanswerable: Sequence[float], steps: int = 20) -> list[Refusal]:
    """Thresholds that refuse 0 %, 1 %, … of the answerable questions, and what they refuse of the others."""
    thresholds = np.quantile(np.array(answerable), np.arange(steps + 1) / 100)
    return [refusal_at(float(each), answerable, unanswerable) for each in thresholds]
