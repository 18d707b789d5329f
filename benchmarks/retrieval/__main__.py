"""`python -m benchmarks.retrieval` (`make eval`): a table, and as the last line every figure as one JSON object."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.retrieval.built import KEPT, built
from benchmarks.retrieval.data import add_data, named_data
from benchmarks.retrieval.evaluate import BUDGETS, Outcome, evaluate
from benchmarks.retrieval.measures import Difference, paired_bootstrap
from benchmarks.retrieval.names import top_first
from benchmarks.retrieval.questions import Question
from benchmarks.retrieval.systems import SINGLES, SYSTEMS, ours_looking_twice
from rag.embed.minilm import MiniLM
from rag.model.query import Query

_HEAD = (
    f"{'system':18}  hit@5  mrr@10 ndcg@10 recall@5   cov500   1000   2000   4000  tokens"
    "  refused: un-  answerable  ms p50   p95"
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make eval", description=__doc__)
    add_data(parser)
    parser.add_argument("--late", action="store_true", help="also with late interaction: a second or so a question")
    parser.add_argument("--keep", type=Path, default=KEPT, help="where the index stays for the next time")
    wanted = parser.parse_args()
    pages, asked, unanswerable = named_data(wanted)
    systems = {**SYSTEMS, "ours, late": ours_looking_twice()} if wanted.late else SYSTEMS
    embedder = MiniLM()
    shelving = built(pages, embedder, wanted.keep)
    print(f"{len(pages):,} pages, {len(asked)} questions, {len(unanswerable)} without an answer\n\n{_HEAD}")
    outcomes: dict[str, Outcome] = {}
    with shelving.view() as store:
        SYSTEMS["ours"](store, embedder, Query("warm"))
        for name, system in systems.items():
            outcomes[name] = evaluate(system, store, embedder, asked, unanswerable)
            print(_line(name, outcomes[name]), flush=True)
    shelving.close()
    best = max(SINGLES, key=lambda name: outcomes[name].quality.ndcg10)
    gap = paired_bootstrap(_ndcg(outcomes["ours"]), _ndcg(outcomes[best]))
    print(f"\nours - {best}, nDCG@10: {gap.mean:+.3f} [{gap.low:+.3f}, {gap.high:+.3f}], p = {gap.p:.4f}")
    print(_sets(asked, outcomes["ours"]))
    named = top_first(embedder)
    print("identifiers, first of all: " + ", ".join(f"{kind} {share:.0%}" for kind, share in named.items()))
    print("\nrefused of those with an answer / without:")
    print("  ".join(f"{each.answerable:.0%}/{each.unanswerable:.0%}" for each in outcomes["ours"].curve))
    print(json.dumps(_figures(outcomes, best, gap, named)))


def _ndcg(outcome: Outcome) -> list[float]:
    return [each.ndcg10 for each in outcome.each]


def _line(name: str, of: Outcome) -> str:
    quality = f"{of.quality.hit5:6.3f}  {of.quality.mrr10:6.3f}  {of.quality.ndcg10:6.3f}   {of.quality.recall5:6.3f}"
    coverage = " ".join(f"{of.coverage[budget]:6.3f}" for budget in BUDGETS)
    refused = f"{of.refused.unanswerable:12.1%}  {of.refused.answerable:10.1%}"
    return f"{name:18} {quality}   {coverage}  {of.tokens[2000]:6.0f} {refused}  {of.p50:6.1f} {of.p95:5.1f}"


def _sets(asked: Sequence[Question], of: Outcome) -> str:
    kinds = sorted({question.kind for question in asked})
    parts: list[str] = []
    for kind in kinds:
        gains = [each.ndcg10 for each, question in zip(of.each, asked, strict=True) if question.kind == kind]
        parts.append(f"{kind or 'all'} {sum(gains) / len(gains):.3f} ({len(gains)})")
    return "ours, nDCG@10 by set: " + ", ".join(parts)


def _figures(outcomes: Mapping[str, Outcome], best: str, gap: Difference, named: Mapping[str, float]) -> dict[str, Any]:
    return {
        "systems": {name: _figures_of(outcome) for name, outcome in outcomes.items()},
        "best_single": best,
        "ours_minus_best_single": {"ndcg@10": gap.mean, "low": gap.low, "high": gap.high, "p": gap.p},
        "identifiers_top1": dict(named),
        "no_answer_curve": [
            {
                "threshold": each.threshold,
                "refused_unanswerable": each.unanswerable,
                "refused_answerable": each.answerable,
            }
            for each in outcomes["ours"].curve
        ],
    }


def _figures_of(of: Outcome) -> dict[str, Any]:
    return {
        "hit@5": of.quality.hit5,
        "mrr@10": of.quality.mrr10,
        "ndcg@10": of.quality.ndcg10,
        "recall@5": of.quality.recall5,
        "coverage": {str(budget): share for budget, share in of.coverage.items()},
        "tokens": {str(budget): count for budget, count in of.tokens.items()},
        "refused_unanswerable": of.refused.unanswerable,
        "refused_answerable": of.refused.answerable,
        "ms_p50": of.p50,
        "ms_p95": of.p95,
    }


if __name__ == "__main__":
    main()
