"""Which files are evaluated on, or learned from."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.retrieval.questions import Pages, Question, questions

_DATA = Path(__file__).parents[3] / "shared" / "eval"
_TOLD = 10


def add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--corpus", type=Path, default=_DATA / "corpus.jsonl.xz")
    parser.add_argument("--queries", type=Path, default=_DATA / "queries.dev.jsonl")
    parser.add_argument("--unanswerable", type=Path, default=_DATA / "unanswerable.dev.jsonl")


def named_data(wanted: argparse.Namespace) -> tuple[Pages, list[Question], list[Question]]:
    """The pages, the questions that they answer, and those that they don't.

    Ends the program where a file is absent or has a line that can't be meant. A page that is wanted and is not there is
    told on standard error, and counts as one that is never found.
    """
    absent = [file for file in (wanted.corpus, wanted.queries, wanted.unanswerable) if not file.is_file()]
    if absent:
        sys.exit(f"There is no {absent[0]}: name the data, make eval CORPUS=… QUERIES=… UNANSWERABLE=…")
    pages, asked = Pages.of(wanted.corpus), questions(wanted.queries)
    if not asked:
        sys.exit(f"{wanted.queries} holds no question.")
    for question in asked:
        if not question.relevant:
            sys.exit(f"{question.where}: no page is relevant. What nothing answers goes into {wanted.unanswerable}.")
    _tell_absent(asked, pages, wanted.corpus)
    return pages, asked, questions(wanted.unanswerable)


def _tell_absent(asked: Sequence[Question], pages: Pages, corpus: Path) -> None:
    known = pages.marks().keys()
    absent = [(question.where, id_) for question in asked for id_ in sorted(question.relevant - known)]
    for where, id_ in absent[:_TOLD]:
        print(f"{where}: {id_} is no page of {corpus}, and counts as not found.", file=sys.stderr)
    if len(absent) > _TOLD:
        print(f"… and {len(absent) - _TOLD:,} more of the kind.", file=sys.stderr)
