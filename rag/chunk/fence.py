"""Fence: the line that opens a code block, in a list or a quotation too."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCE = re.compile(r"([ \t>]*)((?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})([^`]*)$")
_LONGEST = 1_000  # characters; a longer line opens nothing


@dataclass(frozen=True, slots=True)
class Fence:
    """`mark` is its backticks or tildes; `closing` the line that would end it here."""

    mark: str
    closing: str

    def is_closed_by(self, line: str) -> bool:
        if len(line) > _LONGEST:
            return False
        inner = line.strip(" \t>")
        return inner.startswith(self.mark) and not inner.strip(self.mark[0])


def fence_at(line: str) -> Fence | None:
    if len(line) > _LONGEST or (found := _FENCE.match(line)) is None:
        return None
    return Fence(found[3], f"{found[1]}{' ' * len(found[2] or '')}{found[3]}")
