"""Text that others wrote, made safe to look at: nothing invisible stays invisible, nothing reorders what is read."""

from __future__ import annotations

import unicodedata

# Format, control, surrogate, private use and unassigned; separators other than the plain space.
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
# Drawn as nothing, though Unicode calls them letters, marks or symbols: fillers, joiners, variation selectors.
_BLANK = frozenset({0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0x1D159})
_BLANK_RANGES = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0000, 0xE0FFF))
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
    return any(_is_hidden(sign) for sign in text if sign not in _KEPT)


def _shown(sign: str, kept: str) -> str:
    if sign in kept or not _is_hidden(sign):
        return sign
    return f"⟨U+{ord(sign):04X}⟩"


def _is_hidden(sign: str) -> bool:
    if sign == " ":
        return False
    code = ord(sign)
    if code in _BLANK or any(first <= code <= last for first, last in _BLANK_RANGES):
        return True
    return unicodedata.category(sign) in _HIDDEN_CATEGORIES
