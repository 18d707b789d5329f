"""Weights: the numbers that ranking and confidence go by, read from the file that training writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.search.evidence import FEATURES
from rag.search.signals import SIGNALS

FILE = Path(__file__).parent / "ranking.json"
Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """`features` and `signals` in the order of FEATURES and SIGNALS.

    Below `none` a query is refused, below `weak` its answers are marked as weak. `signals_by_words` and its offset
    hold where there are no vectors, and so no evidence of meaning. A reranker's word counts `second_look`.
    """

    features: Numbers
    second_look: float
    signals: Numbers
    offset: float
    signals_by_words: Numbers
    offset_by_words: float
    none: float
    weak: float


@cache
def weights() -> Weights:
    known: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    both, words = known["confidence"], known["confidence_by_words"]
    return Weights(
        features=_in_order(known["ranking"], FEATURES),
        second_look=known["second_look"],
        signals=_in_order(both["weights"], SIGNALS),
        offset=both["offset"],
        signals_by_words=_in_order(words["weights"], SIGNALS),
        offset_by_words=words["offset"],
        none=known["thresholds"]["none"],
        weak=known["thresholds"]["weak"],
    )


def _in_order(by_name: dict[str, float], names: tuple[str, ...]) -> Numbers:
    return np.array([by_name[name] for name in names], np.float32)
