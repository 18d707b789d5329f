"""One system on all questions: what it ranks, what its context holds and what it refuses, counted by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from benchmarks.retrieval.built import built
from benchmarks.retrieval.evaluate import BUDGETS, Outcome, evaluate
from benchmarks.retrieval.questions import Pages, Question, questions
from benchmarks.retrieval.systems import System
from rag.embed.contract import Embedder
from rag.index.snapshot import Snapshot
from rag.model.answer import Verdict
from rag.model.found import Found, Ranked
from rag.model.query import Query
from rag.search.store import Store
from tests.scenario.rag.shelf import Words
from tests.unit.benchmarks.toy import TEXTS, Files, toy_files

BACKUP, FIREWALL, VOLUME, NETWORK, QUOTA, TOKEN = TEXTS
# The first page answers q1; of the two that answer q2 one is second and one sixth; what answers q3 is not found.
PLANNED: Mapping[str, Sequence[str]] = {
    "how long are backups kept": (BACKUP, VOLUME),
    "what does a firewall let in": (BACKUP, FIREWALL, VOLUME, NETWORK, QUOTA, TOKEN),
    "addresses of private networks": (VOLUME, QUOTA),
    "bake bread": (QUOTA,),
    "tune a piano": (TOKEN,),
}
SURE = {
    "how long are backups kept": 0.9, "what does a firewall let in": 0.6, "addresses of private networks": 0.3,
    "bake bread": 0.1, "tune a piano": 0.7,
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Snapshot]:
    shelving = built(Pages.of(toy_files(tmp_path).corpus), Words(), tmp_path / "keep")
    with shelving.view() as snapshot:
        yield snapshot
    shelving.close()


def planned(refuses_below: float = 0.0) -> System:
    def system(store: Store, embedder: Embedder, query: Query) -> Found:
        del embedder
        known = store.chunks([key for key, _ in store.lexical('"everywhere"', query.within, 100)])
        by_page = {each.document_id: each for each in known.values()}
        verdict = Verdict.GOOD if SURE[query.text] >= refuses_below else Verdict.NONE
        ranked = tuple(Ranked(by_page[page], 0.5) for page in PLANNED[query.text])
        return Found(ranked, SURE[query.text], verdict=verdict)

    return system


def outcome(store: Store, system: System, files: Files) -> Outcome:
    return evaluate(system, store, Words(), questions(files.queries), questions(files.unanswerable))


def test_what_is_ranked_is_measured_over_all_questions(store: Snapshot, tmp_path: Path) -> None:
    found = outcome(store, planned(), toy_files(tmp_path))
    assert [each.hit5 for each in found.each] == [1, 1, 0]
    assert found.quality.hit5 == pytest.approx(2 / 3)
    assert found.quality.mrr10 == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert found.quality.ndcg10 == pytest.approx((1 + 0.6053 + 0) / 3, abs=5e-5)
    assert found.quality.recall5 == pytest.approx((1 + 1 / 2 + 0) / 3)


def test_what_an_assistant_reads_holds_a_page_that_answers_or_not(store: Snapshot, tmp_path: Path) -> None:
    found = outcome(store, planned(), toy_files(tmp_path))
    assert tuple(found.coverage) == BUDGETS == (500, 1000, 2000, 4000)
    assert list(found.coverage.values()) == pytest.approx([2 / 3] * 4)
    assert all(0 < found.tokens[budget] <= budget for budget in BUDGETS)


def test_what_is_refused_is_packed_too_since_refusing_is_measured_by_itself(store: Snapshot, tmp_path: Path) -> None:
    found = outcome(store, planned(refuses_below=1.0), toy_files(tmp_path))
    assert (found.refused.answerable, found.refused.unanswerable) == (1.0, 1.0)
    assert found.coverage[4000] == pytest.approx(2 / 3)


def test_a_system_with_a_threshold_is_measured_at_its_own(store: Snapshot, tmp_path: Path) -> None:
    found = outcome(store, planned(refuses_below=0.5), toy_files(tmp_path))
    assert (found.refused.answerable, found.refused.unanswerable) == pytest.approx((1 / 3, 1 / 2))


def test_a_system_without_one_refuses_at_the_lowest_twentieth_of_what_has_an_answer(
    store: Snapshot, tmp_path: Path
) -> None:
    found = outcome(store, planned(), toy_files(tmp_path))
    assert found.refused.threshold == pytest.approx(0.33)  # a tenth of the way from 0.3 to 0.6
    assert (found.refused.answerable, found.refused.unanswerable) == pytest.approx((1 / 3, 1 / 2))
    assert [each.unanswerable for each in found.curve] == [0.5] * 21


def test_without_questions_that_have_no_answer_none_is_refused(store: Snapshot, tmp_path: Path) -> None:
    asked: list[Question] = questions(toy_files(tmp_path).queries)
    found = evaluate(planned(), store, Words(), asked, [])
    assert found.refused.unanswerable == 0.0
