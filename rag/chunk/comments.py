"""Comments of Markdown and MDX, which no reader of the page sees, taken out with the lines left in their places."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.chunk.fence import Fence, fence_at

_ENDS = {"<!--": "-->", "{/*": "*/}"}
_SIGNS = re.compile(r"<!--|-->|\{/\*|\*/\}|`")


def without_comments(lines: Sequence[str]) -> list[str]:
    """As many lines as before. What stands in a fence or a code span is no comment; one never closed is text."""
    taking = _Taking(lines)
    return [taking.line(number, line) for number, line in enumerate(lines)]


class _Taking:
    def __init__(self, lines: Sequence[str]) -> None:
        self._last_end = {end: _last(end, lines) for end in _ENDS.values()}
        self._open = ""  # the sign that ends the comment we are in
        self._fence: Fence | None = None

    def line(self, number: int, line: str) -> str:
        if self._fence is not None:
            self._fence = None if self._fence.is_closed_by(line) else self._fence
            return line
        if not self._open and (fence := fence_at(line)) is not None:
            self._fence = fence
            return line
        kept = self._kept(number, line)
        if not self._open:
            self._fence = fence_at(kept)
        return kept

    def _kept(self, number: int, line: str) -> str:
        """The line without the parts that are commented out."""
        if not self._open and "<!--" not in line and "{/*" not in line:
            return line
        kept, begin, in_code = list[str](), 0, False
        for sign in _SIGNS.finditer(line):
            if self._open:
                if sign[0] == self._open:
                    self._open, begin = "", sign.end()
            elif sign[0] == "`":
                in_code = not in_code
            elif sign[0] in _ENDS and not in_code and self._last_end[_ENDS[sign[0]]] > (number, sign.start()):
                kept.append(line[begin : sign.start()])
                self._open = _ENDS[sign[0]]
        if not self._open:
            kept.append(line[begin:])
        return "".join(kept)


def _last(sign: str, lines: Sequence[str]) -> tuple[int, int]:
    """Line and column where the sign stands last."""
    found = next((number for number in range(len(lines) - 1, -1, -1) if sign in lines[number]), -1)
    return (found, lines[found].rfind(sign)) if found >= 0 else (-1, -1)
