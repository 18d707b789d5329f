"""Text that others wrote, made safe to look at: nothing invisible stays invisible, nothing reorders what is read."""

from __future__ import annotations

from rag.model.hidden import is_hidden

_KEPT = "\n\t"


def visible(text: str, limit: int | None = None, *, lines: bool = True) -> str:
    """The text with every invisible character written as ⟨U+202E⟩, and at most `limit` characters of it.

    Newlines and tabs stay where `lines` are wanted. What was cut off is counted at the end.
    """
    kept = _KEPT if lines else ""
    over = 0
    if limit is not None and len(text) > limit:
        text, over = text[:limit], len(text) - limit
    shown = text if text.isascii() and text.isprintable() else "".join(_shown(sign, kept) for sign in text)
    return f"{shown}… [{over:,} more characters]" if over else shown


def hides_something(text: str) -> bool:
    """Whether any character would not be seen as it stands."""
    return any(is_hidden(sign) for sign in text if sign not in _KEPT)


def _shown(sign: str, kept: str) -> str:
    if sign in kept or not is_hidden(sign):
        return sign
    return f"⟨U+{ord(sign):04X}⟩"
