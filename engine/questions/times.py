"""Spans of time as people say them, in the time zone of whoever asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.state.inquiries import Span

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {
    "second": timedelta(seconds=1), "sec": timedelta(seconds=1), "minute": timedelta(minutes=1),
    "min": timedelta(minutes=1), "hour": timedelta(hours=1), "hr": timedelta(hours=1), "day": timedelta(days=1),
    "week": timedelta(weeks=1), "month": timedelta(days=30),
}  # fmt: skip
_NUMBERS = {
    word: number
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
} | {"a": 1, "an": 1, "couple": 2}  # fmt: skip
_UNIT = r"(?P<unit>second|sec|minute|min|hour|hr|day|week|month)s?"
_COUNT = r"(?P<count>\d{1,4}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:a )?couple(?: of)?)"
_PAST = re.compile(rf"(?:in |over |during |within |for )?(?:the )?(?:last|past|previous) (?:{_COUNT} )?{_UNIT}")
_AGO = re.compile(rf"(?:since )?{_COUNT} {_UNIT} ago")
_DATE = re.compile(
    r"(?P<lead>since|on|after|before|until|from)?\s?(?P<date>\d{4}-\d\d-\d\d)(?:[t ](?P<time>\d\d?:\d\d))?"
)
_CLOCK = re.compile(r"(?P<lead>since|after|before) (?P<time>\d\d?:\d\d)(?: today)?")
_DAY = re.compile(rf"(?P<lead>since|on|after|last|before)? ?(?:last )?(?P<day>{'|'.join(_DAYS)})")
_NAMED = re.compile(
    r"(?P<lead>since|before|during|from|on)? ?(?:the (?=weekend))?"
    r"(?P<name>last night|overnight|this morning|this afternoon|this evening|yesterday evening|yesterday morning"
    r"|today|yesterday|this week|last week|this month|last month|this year|tonight|midnight|noon|this weekend"
    r"|last weekend|weekend)(?: so far)?"
)

# Hours from today's midnight. A night lasts from six to six; before six, the last one is still going on.
_HOURS = {
    "today": (0, 24), "midnight": (0, 0), "noon": (12, 12), "yesterday": (-24, 0), "yesterday morning": (-19, -12),
    "yesterday evening": (-6, 0), "last night": (-6, 6), "overnight": (-6, 6), "this morning": (5, 12),
    "this afternoon": (12, 18), "this evening": (18, 24), "tonight": (18, 24),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class When:
    """`words` give the span exactly, as it was understood."""

    span: Span
    words: str


def read_time(words: str, now: datetime) -> When | None:
    """The span that these words, all of them and in lower case, name; None for anything else."""
    for pattern, read in _READERS:
        if found := pattern.fullmatch(words):
            try:
                return read(found, now)
            except (ValueError, OverflowError):
                return None
    return None


def _when(since: datetime | None, until: datetime | None) -> When:
    parts = [f"from {since:%Y-%m-%d %H:%M}" if since else "", f"until {until:%Y-%m-%d %H:%M}" if until else ""]
    zone = (since or until or datetime.now().astimezone()).strftime("%Z")
    span = Span(since.timestamp() if since else 0.0, until.timestamp() if until else 1e12)
    return When(span, " ".join([*filter(None, parts), zone]).strip())


def _led(lead: str, start: datetime, end: datetime, now: datetime) -> When:
    """The stretch from start to end, or what a word before it makes of it."""
    if lead in ("since", "from"):
        return _when(start, None)
    if lead == "after":
        return _when(end, None)
    if lead in ("before", "until"):
        return _when(None, start)
    return _when(start, end if end < now else None)


def _number(text: str | None) -> int:
    return (
        int(text)
        if text and text.isdigit()
        else _NUMBERS.get((text or "a").replace("a couple", "couple").split()[0], 1)
    )


def _past(found: re.Match[str], now: datetime) -> When:
    return _when(now - _number(found["count"]) * _UNITS[found["unit"]], None)


def _ago(found: re.Match[str], now: datetime) -> When | None:
    if not found[0].startswith("since"):
        return None
    return _when(now - _number(found["count"]) * _UNITS[found["unit"]], None)


def _date(found: re.Match[str], now: datetime) -> When:
    day = datetime.strptime(found["date"], "%Y-%m-%d").replace(tzinfo=now.tzinfo)
    if found["time"]:
        at = _at(day, found["time"])
        return _led(found["lead"] or "since", at, at, now)
    return _led(found["lead"] or "", day, day + timedelta(days=1), now)


def _clock(found: re.Match[str], now: datetime) -> When:
    at = _at(now, found["time"])
    return _led(found["lead"], at, at, now)


def _day(found: re.Match[str], now: datetime) -> When:
    back = (now.weekday() - _DAYS.index(found["day"])) % 7
    start = _midnight(now) - timedelta(days=back or (7 if "last" in found[0] else 0))
    return _led(found["lead"] or "", start, start + timedelta(days=1), now)


def _name(found: re.Match[str], now: datetime) -> When:
    start, end = _stretch(found["name"], now)
    return _led(found["lead"] or "", start, end, now)


def _stretch(name: str, now: datetime) -> tuple[datetime, datetime]:
    today = _midnight(now)
    if name in _HOURS:
        begin, end = _HOURS[name]
        return today + timedelta(hours=begin), today + timedelta(hours=end)
    week, day = today - timedelta(days=today.weekday()), timedelta(days=1)
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    spans = {
        "this week": (week, week + 7 * day), "last week": (week - 7 * day, week),
        "this month": (month, (month + 31 * day).replace(day=1)), "last month": ((month - day).replace(day=1), month),
        "this year": (year, (year + 366 * day).replace(month=1, day=1)),
    }  # fmt: skip
    if name in spans:
        return spans[name]
    back = 7 if name == "last weekend" or today.weekday() < 5 else 0
    return week + (5 - back) * day, week + (7 - back) * day


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _at(day: datetime, clock: str) -> datetime:
    hours, minutes = clock.split(":")
    return _midnight(day).replace(hour=int(hours), minute=int(minutes))


# `Last week` is the calendar's, `the last week` the past seven days: so the names go first.
_READERS = ((_NAMED, _name), (_PAST, _past), (_AGO, _ago), (_DATE, _date), (_CLOCK, _clock), (_DAY, _day))
