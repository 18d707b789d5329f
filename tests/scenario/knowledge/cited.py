"""What a passage's words are checked against: the lines that it cites, of the text that its address gives."""

from __future__ import annotations

from collections.abc import Iterator

CUT = "…"


def not_there(text: str, served: str, first: int, last: int) -> list[str]:
    """Lines of the passage that don't stand, in this order, among the cited ones.

    A table that was cut shows its head again, which stands further above; a passage of several chunks has headings
    between them.
    """
    lines = served.split("\n")
    cited = lines[first - 1 : last]
    repeated = {line for line in lines[: first - 1] if line.startswith("|")} - {*cited}
    left = iter(cited)
    wanted = [line.strip() for line in text.split("\n") if line.strip() not in {"", CUT, *repeated}]
    return [line for line in wanted if not line.startswith("## ") and not _comes(line, left)]


def _comes(line: str, left: Iterator[str]) -> bool:
    return any(line in each for each in left)
