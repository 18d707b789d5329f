"""Front matter: what a page says of itself above its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

_RULE = "---"
_MOST_LINES = 100
_LONGEST = 8_000  # characters
_LONGEST_FACT = 500
_MOST_TAGS = 30


@dataclass(frozen=True, slots=True)
class Page:
    """`text` is the summary, where it stands, and the body; its lines count from `line_offset` in the file."""

    text: str
    line_offset: int = 0
    title: str = ""
    kind: str = ""
    tags: tuple[str, ...] = ()
    reviewed: datetime | None = None


def read_page(text: str) -> Page:
    """Text without front matter, or with some that can't be read, is all body and has no facts."""
    lines = text.split("\n")
    end = _end(lines)
    if not end:
        return Page(text)
    facts = _facts("\n".join(lines[1:end]))
    if facts is None:
        return Page(text)
    summary, first = _fact(facts, "summary"), _line_of("summary", lines[:end])
    kept = [summary, *[""] * (end - first), *lines[end + 1 :]] if summary else lines[end + 1 :]
    return Page(
        text="\n".join(kept),
        line_offset=first if summary else end + 1,
        title=_fact(facts, "title"),
        kind=_fact(facts, "kind"),
        tags=_tags(facts.get("tags")),
        reviewed=_day(facts.get("reviewed")),
    )


def first_title(text: str) -> str:
    """The first heading of a Markdown page, where it stands among its first lines."""
    found = re.search(r"^# +(.{1,200}?)[ #]*$", text[:_LONGEST], re.MULTILINE)
    return found[1].strip() if found else ""


def _end(lines: list[str]) -> int:
    """The line that closes the front matter; 0 where there is none."""
    if lines[0].rstrip() != _RULE:
        return 0
    closing = (number for number, line in enumerate(lines[1:_MOST_LINES], 1) if line.rstrip() == _RULE)
    return next(closing, 0)


def _facts(text: str) -> dict[str, Any] | None:
    # Here and not above: a server that never searches never needs it.
    import yaml  # noqa: PLC0415

    try:
        found = yaml.safe_load(text) if len(text) <= _LONGEST else None
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None


def _fact(facts: dict[str, Any], name: str) -> str:
    value = facts.get(name)
    return " ".join(value.split())[:_LONGEST_FACT] if isinstance(value, str) else ""


def _tags(value: object) -> tuple[str, ...]:
    found = cast("list[object]", value) if isinstance(value, list) else []
    return tuple(str(each)[:_LONGEST_FACT] for each in found[:_MOST_TAGS] if isinstance(each, str | int))


def _day(value: object) -> datetime | None:
    return datetime(value.year, value.month, value.day, tzinfo=UTC) if isinstance(value, date) else None


def _line_of(name: str, lines: list[str]) -> int:
    return next((number for number, line in enumerate(lines) if line.startswith(f"{name}:")), 1)
