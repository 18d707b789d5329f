"""What programs read of `make eval`: the last line is one JSON object with every figure of every system."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.retrieval.systems import SYSTEMS
from tests.unit.benchmarks.toy import QUESTIONS, Files, toy_files, write_lines

ROOT = Path(__file__).parents[3]
SHARES = {"hit@5", "mrr@10", "ndcg@10", "recall@5", "refused_unanswerable", "refused_answerable"}
BUDGETS = {"500", "1000", "2000", "4000"}


def evaluated(files: Files, keep: Path) -> subprocess.CompletedProcess[str]:
    named = ("--corpus", files.corpus, "--queries", files.queries, "--unanswerable", files.unanswerable, "--keep", keep)
    command = [sys.executable, "-m", "benchmarks.retrieval", *map(str, named)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.slow
def test_the_last_line_holds_every_figure_of_every_system(tmp_path: Path) -> None:
    done = evaluated(toy_files(tmp_path), tmp_path / "keep")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("6 pages, 3 questions, 2 without an answer\n")
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["systems"].keys() == SYSTEMS.keys()
    for name, figures in told["systems"].items():
        assert figures.keys() >= SHARES | {"coverage", "tokens", "ms_p50", "ms_p95"}, name
        assert figures["coverage"].keys() == figures["tokens"].keys() == BUDGETS
        shares = [*(figures[share] for share in SHARES), *figures["coverage"].values()]
        assert all(isinstance(share, float) and 0 <= share <= 1 for share in shares), name
    ours = told["systems"]["ours"]
    assert (ours["hit@5"], ours["mrr@10"], ours["coverage"]["500"], ours["refused_unanswerable"]) == (1, 1, 1, 1)
    assert told["best_single"] in {"lexical", "dense"}
    assert told["ours_minus_best_single"].keys() == {"ndcg@10", "low", "high", "p"}
    assert [each.keys() for each in told["no_answer_curve"]] == [
        {"threshold", "refused_unanswerable", "refused_answerable"}
    ] * 21
    assert [folder.is_dir() for folder in (tmp_path / "keep").iterdir()] == [True]


def test_a_line_that_can_not_be_meant_ends_it_with_one_sentence(tmp_path: Path) -> None:
    files = toy_files(tmp_path)
    write_lines(files.queries, [*QUESTIONS, {"qid": "q4", "query": "bake bread", "relevant": []}])
    done = evaluated(files, tmp_path / "keep")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"{files.queries}, line 4: no page is relevant. What nothing answers goes into {files.unanswerable}.\n"
    )
    assert not (tmp_path / "keep").exists()
