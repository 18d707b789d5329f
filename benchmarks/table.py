"""The rows as a table for people or as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from benchmarks.row import Row

_HEADINGS = ("measured", "Groundplan", "against", "", "ratio", "goal")


def as_text(rows: Sequence[Row]) -> str:
    """Columns, and the notes below them by number."""
    notes = list(dict.fromkeys(row.note for row in rows if row.note))
    cells = [_HEADINGS, *(_cells(row, notes) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEADINGS))]
    lines = ["  ".join(map(_padded, line, widths, range(len(line)))).rstrip() for line in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*lines, "", *(f"[{n}] {note}" for n, note in enumerate(notes, start=1))]).rstrip()


def as_json(rows: Sequence[Row]) -> str:
    return json.dumps([{**asdict(row), "ratio": row.ratio} for row in rows], indent=2)


def _cells(row: Row, notes: list[str]) -> tuple[str, ...]:
    mark = f" [{notes.index(row.note) + 1}]" if row.note else ""
    other = _figure(row.other, row.unit) if row.other is not None else "-"
    ratio = f"{row.ratio:.2f}x" if row.ratio is not None else "-"
    return row.what + mark, _figure(row.ours, row.unit), row.against or "-", other, ratio, row.goal


def _figure(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:.{digits}f} {unit}"


def _padded(text: str, width: int, column: int) -> str:
    return text.rjust(width) if column in (1, 3, 4) else text.ljust(width)
