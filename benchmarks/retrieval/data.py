"""Which files are evaluated on, or learned from."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.retrieval.questions import Pages, Question, questions

_DATA = Path(__file__).parents[3] / "shared" / "eval"


def add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--corpus", type=Path, default=_DATA / "corpus.jsonl.xz")
    parser.add_argument("--queries", type=Path, default=_DATA / "queries.dev.jsonl")
    parser.add_argument("--unanswerable", type=Path, default=_DATA / "unanswerable.dev.jsonl")


def named_data(wanted: argparse.Namespace) -> tuple[Pages, list[Question], list[Question]]:
    """The pages, the questions that they answer, and those that they don't. Ends the program where a file is absent."""
    absent = [file for file in (wanted.corpus, wanted.queries, wanted.unanswerable) if not file.is_file()]
    if absent:
        sys.exit(f"There is no {absent[0]}: name the data, make eval CORPUS=… QUERIES=… UNANSWERABLE=…")
    return Pages.of(wanted.corpus), questions(wanted.queries), questions(wanted.unanswerable)
