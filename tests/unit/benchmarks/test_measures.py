"""Measures of a ranking, counted by hand: what `make eval` prints is what it says."""

from __future__ import annotations

import pytest

from benchmarks.retrieval.measures import Quality, mean, paired_bootstrap, quality, refusal_at, refusal_curve

RANKED = ("a", "b", "c", "d", "e", "f")


@pytest.mark.parametrize(
    ("relevant", "hit5", "mrr10", "ndcg10", "recall5"),
    [
        ({"a"}, 1, 1, 1, 1),
        ({"c"}, 1, 1 / 3, 0.5, 1),  # 1/log2(4)
        ({"f"}, 0, 1 / 6, 0.3562, 0),  # 1/log2(7), and behind the first five
        ({"b", "f"}, 1, 1 / 2, 0.6053, 1 / 2),  # (0.6309 + 0.3562) of (1 + 0.6309)
        ({"a", "b", "c", "d", "e", "f"}, 1, 1, 1, 5 / 6),
        ({"a", "not in the corpus"}, 1, 1, 0.6131, 1 / 2),  # 1 of (1 + 0.6309)
        ({"z"}, 0, 0, 0, 0),
    ],
)
def test_one_ranking(relevant: set[str], hit5: float, mrr10: float, ndcg10: float, recall5: float) -> None:
    found = quality(RANKED, relevant)
    assert (found.hit5, found.mrr10, found.recall5) == pytest.approx((hit5, mrr10, recall5))
    assert found.ndcg10 == pytest.approx(ndcg10, abs=5e-5)


def test_what_comes_behind_the_tenth_place_counts_for_nothing() -> None:
    ranked = [f"page-{place}" for place in range(1, 13)]
    assert quality(ranked, {"page-10"}).mrr10 == pytest.approx(1 / 10)
    assert quality(ranked, {"page-11"}) == Quality(0.0, 0.0, 0.0, 0.0)


def test_nothing_found_is_a_miss() -> None:
    assert quality((), {"a"}) == Quality(0.0, 0.0, 0.0, 0.0)


def test_each_question_counts_the_same() -> None:
    found = mean([Quality(1, 1, 1, 1), Quality(0, 0.5, 0.25, 0), Quality(1, 0, 0, 0)])
    assert (found.hit5, found.mrr10, found.ndcg10, found.recall5) == pytest.approx((2 / 3, 1 / 2, 5 / 12, 1 / 3))


def test_what_is_below_the_threshold_is_refused_and_what_is_at_it_is_not() -> None:
    found = refusal_at(0.5, answerable=[0.4, 0.5, 0.6, 0.9], unanswerable=[0.1, 0.5])
    assert (found.threshold, found.answerable, found.unanswerable) == (0.5, 1 / 4, 1 / 2)
    assert refusal_at(0.5, [0.4], []).unanswerable == 0.0


def test_the_curve_refuses_one_percent_more_of_what_has_an_answer_at_each_step() -> None:
    curve = refusal_curve(answerable=[float(sure) for sure in range(100)], unanswerable=[0.5, 5.5, 15.5, 90])
    assert [each.threshold for each in curve] == pytest.approx([0.99 * step for step in range(21)])
    assert [each.answerable for each in curve] == pytest.approx([step / 100 for step in range(21)])
    assert [each.unanswerable for each in curve] == [0.0, *[0.25] * 5, *[0.5] * 10, *[0.75] * 5]


def test_a_difference_that_is_always_the_same_has_no_width() -> None:
    always = paired_bootstrap([0.9, 0.5, 0.7], [0.8, 0.4, 0.6])
    assert (always.mean, always.low, always.high) == pytest.approx((0.1, 0.1, 0.1))
    assert always.p == 0.0
    assert paired_bootstrap([0.5, 0.5], [0.5, 0.5]).p == 1.0
