"""Spans of time: what people say, at a known moment, is a span with two known ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from engine.questions.times import read_time

# A Tuesday afternoon, two hours east of Greenwich.
ZONE = timezone(timedelta(hours=2))
NOW = datetime(2026, 11, 24, 14, 30, tzinfo=ZONE)


def _span(words: str, now: datetime = NOW) -> tuple[str, str]:
    when = read_time(words, now)
    assert when is not None, words
    ends = (datetime.fromtimestamp(end, ZONE) if 0 < end < 1e11 else None for end in (when.span.since, when.span.until))
    since, until = (f"{end:%m-%d %H:%M}" if end else "" for end in ends)
    return since, until


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("today", "11-24 00:00", ""),
        ("yesterday", "11-23 00:00", "11-24 00:00"),
        ("last night", "11-23 18:00", "11-24 06:00"),
        ("overnight", "11-23 18:00", "11-24 06:00"),
        ("since yesterday", "11-23 00:00", ""),
        ("since last night", "11-23 18:00", ""),
        ("this morning", "11-24 05:00", "11-24 12:00"),
        ("in the last 3 hours", "11-24 11:30", ""),
        ("over the past two days", "11-22 14:30", ""),
        ("in the last hour", "11-24 13:30", ""),
        ("since 20 minutes ago", "11-24 14:10", ""),
        ("since monday", "11-23 00:00", ""),
        ("on monday", "11-23 00:00", "11-24 00:00"),
        ("last friday", "11-20 00:00", "11-21 00:00"),
        ("since 09:15", "11-24 09:15", ""),
        ("this week", "11-23 00:00", ""),
        ("last week", "11-16 00:00", "11-23 00:00"),
        ("this month", "11-01 00:00", ""),
        ("last month", "10-01 00:00", "11-01 00:00"),
        ("on 2026-11-20", "11-20 00:00", "11-21 00:00"),
        ("since 2026-11-20 08:00", "11-20 08:00", ""),
        ("before 2026-11-20", "", "11-20 00:00"),
        ("last weekend", "11-21 00:00", "11-23 00:00"),
    ],
)  # fmt: skip
def test_a_span_is_what_the_words_say(words: str, since: str, until: str) -> None:
    assert _span(words) == (since, until)


def test_before_six_in_the_morning_last_night_is_still_going_on() -> None:
    assert _span("last night", NOW.replace(hour=3)) == ("11-23 18:00", "")


def test_the_span_is_told_in_the_zone_of_whoever_asks() -> None:
    when = read_time("yesterday", NOW)
    assert when is not None
    assert when.words == "from 2026-11-23 00:00 until 2026-11-24 00:00 UTC+02:00"


@pytest.mark.parametrize("words", ["soon", "3 hours ago", "on 2026-13-45", "since 25:99", "in the next hour", "a", ""])
def test_what_is_no_span_is_not_read_as_one(words: str) -> None:
    assert read_time(words, NOW) is None


def test_a_month_ends_where_the_next_one_begins() -> None:
    end_of_january = datetime(2026, 1, 31, 12, tzinfo=UTC)
    when = read_time("last month", end_of_january)
    assert when is not None
    assert when.span.until == datetime(2026, 1, 1, tzinfo=UTC).timestamp()
