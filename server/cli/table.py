"""Tables for people: text from outside is data, never markup and never a control sequence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from rich import box
from rich.table import Table
from rich.text import Text

from server.render.clean import visible

STYLES = {
    "succeeded": "green", "running": "cyan", "queued": "cyan", "failed": "red", "cancelled": "yellow",
    "rolled_back": "yellow", "pending": "cyan", "applied": "green", "declined": "yellow", "expired": "yellow",
    "planning": "cyan", "ok": "green", "warning": "yellow", "fail": "red", "done": "green", "started": "cyan",
    "skipped": "yellow", "missing": "red", "changed": "yellow", "unreadable": "red",
}  # fmt: skip


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A plain grid, with a head where columns are named; known status words get their colour."""
    head = box.SIMPLE_HEAD if columns else None
    grid = Table(box=head, pad_edge=False, show_edge=False, header_style="bold", show_header=bool(columns))
    for column in columns:
        grid.add_column(column, overflow="fold")
    for row in rows:
        grid.add_row(*(cell(value) for value in row))
    return grid


def cell(value: object) -> Text:
    text = printable(value)
    return Text(text, style=STYLES.get(text, ""))


def printable(value: object) -> str:
    """One line in which nothing hides."""
    return "" if value is None else visible(str(value), lines=False)


def ago(moment: datetime | None) -> str:
    """`4 min ago`, in the largest unit that fits."""
    if moment is None:
        return ""
    seconds = max(0, int((datetime.now(UTC) - moment).total_seconds()))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"
