"""Signals: what tells whether a search found an answer at all, the same in a small index and in a large one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rag.search.candidates import Candidates
from rag.search.evidence import FEATURES, PageEvidence

SIGNALS = ("meaning", "best_covers", "chunk_covers", "few_cover", "rarest_covered", "agreement", "title_both", "pairs")
_FIRST = 3
_FEW = 10
_COLUMN = {name: place for place, name in enumerate(FEATURES)}


def signals(found: Candidates, seen: PageEvidence, order: NDArray[np.intp]) -> NDArray[np.float32]:
    """`order` are the rows of the evidence, best page first; there is at least one."""
    first = seen.features[order[:_FIRST]]
    return np.array(
        [
            seen.features[:, _COLUMN["meaning"]].max(),
            first[:, _COLUMN["page_covers"]].max(),
            first[:, _COLUMN["chunk_covers"]].max(),
            seen.features[order[:_FEW], _COLUMN["page_covers"]].mean(),
            first[:, _COLUMN["rarest_covered"]].max(),
            _agreement(found),
            first[:, _COLUMN["title_both"]].max(),
            max(first[:, _COLUMN[name]].max() for name in ("chunk_pairs", "heading_pairs", "title_pairs")),
        ],
        np.float32,
    )


def _agreement(found: Candidates) -> float:
    """The part of the first pages by words that are among the first by meaning."""
    by_words = {found.stored[key].document_key for key in list(found.lexical)[:_FEW]}
    by_meaning = {found.stored[key].document_key for key in found.dense[:_FEW]}
    return len(by_words & by_meaning) / max(1, min(len(by_words), len(by_meaning)))
