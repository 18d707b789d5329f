"""Labels of passages made harmless: one short line, with nothing in it that looks like a label's own signs."""

from __future__ import annotations

import re

from rag.model.hidden import without_hidden

LONGEST_TITLE = 120
LONGEST_SECTION = 200
_LONGEST_KIND, _LONGEST_ADDRESS = 20, 600
_COMMENT = re.compile(r"<!--.*?(?:-->|$)|\{/\*.*?(?:\*/\}|$)", re.DOTALL)
_BRACKETS = str.maketrans("[]", "()")  # `[3]` in a title would pass for a citation
_RULES = re.compile(r"[-=_*#~`|]{3,}")  # and these for the line between two passages
_READ = 4_000  # characters that are looked at, however long it is


def label(words: str, longest: int) -> str:
    """A title, section or kind in one line."""
    bare = _RULES.sub("-", _COMMENT.sub(" ", without_hidden(words[:_READ]))).translate(_BRACKETS)
    line = " ".join(bare.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def kind_label(kind: str) -> str:
    return label(kind, _LONGEST_KIND)


def address_label(uri: str) -> str:
    """A URI without blanks, so that what follows it can't be part of it."""
    return "".join(without_hidden(uri[:_LONGEST_ADDRESS]).translate(_BRACKETS).split())
