"""Signals: what tells whether a search found an answer at all, in a small index and in a large one."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rag.search.candidates import Candidates
from rag.search.evidence import FEATURES, PageEvidence

SIGNALS = ("meaning", "chunk_covers", "nearest_covers", "agreement", "heading_both", "title_both", "pairs", "found")
_FIRST = 3
_FEW = 10
_LEAST = 40  # candidates of the smallest index that was learned from
_COLUMN = {name: place for place, name in enumerate(FEATURES)}


def signals(found: Candidates, seen: PageEvidence, order: NDArray[np.intp]) -> NDArray[np.float32]:
    """`order` are the rows of the evidence, best page first; there is at least one."""
    first = seen.features[order[:_FIRST]]

    def best(*names: str) -> float:
        return max(float(first[:, _COLUMN[name]].max()) for name in names)

    return np.array(
        [
            seen.features[:, _COLUMN["meaning"]].max(),
            best("chunk_covers"),
            best("nearest_covers"),
            _agreement(found),
            best("heading_both"),
            best("title_both"),
            best("chunk_pairs", "heading_pairs", "title_pairs"),
            math.log(max(_LEAST, len(found.stored))),  # among many, something that looks alike is found by chance
        ],
        np.float32,
    )


def _agreement(found: Candidates) -> float:
    """The part of the first pages by words that are among the first by meaning."""
    by_words = {found.stored[key].document_key for key in list(found.lexical)[:_FEW]}
    by_meaning = {found.stored[key].document_key for key in found.dense[:_FEW]}
    return len(by_words & by_meaning) / max(1, min(len(by_words), len(by_meaning)))
