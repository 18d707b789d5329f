"""Labels of passages made harmless: one short line, with nothing in it that looks like a label's own signs."""

from __future__ import annotations

import re

from rag.model.hidden import without_hidden

_COMMENT = re.compile(r"<!--.*?(?:-->|$)|\{/\*.*?(?:\*/\}|$)", re.DOTALL)
_BRACKETS = str.maketrans("[]", "()")  # `[3]` in a title would pass for a citation
_RULES = re.compile(r"[-=_*#~`|]{3,}")  # and these for the line between two passages
_READ = 4_000  # characters that are looked at, however long it is


def label(words: str, longest: int) -> str:
    """A title, section or kind in one line."""
    bare = _RULES.sub("-", _COMMENT.sub(" ", without_hidden(words[:_READ]))).translate(_BRACKETS)
    line = " ".join(bare.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def address(uri: str, longest: int) -> str:
    """A URI without blanks, so that what follows it can't be part of it."""
    return "".join(without_hidden(uri[:longest]).translate(_BRACKETS).split())
