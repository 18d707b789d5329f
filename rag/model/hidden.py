"""Characters that are not seen as they stand: what text of others could hide, or reorder what is read, with."""

from __future__ import annotations

import unicodedata

# Format, control, surrogate, private use and unassigned; separators other than the plain space.
_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_SPACES = frozenset({"Zl", "Zp", "Zs"})
# Drawn as nothing, though Unicode calls them letters, marks or symbols: fillers, joiners, variation selectors.
_BLANK = frozenset({0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0x1D159})
_BLANK_RANGES = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0000, 0xE0FFF))


def is_hidden(sign: str) -> bool:
    """Newlines and tabs are hidden too: whoever wants to keep them says so."""
    if sign == " ":
        return False
    code = ord(sign)
    if code in _BLANK or any(first <= code <= last for first, last in _BLANK_RANGES):
        return True
    return unicodedata.category(sign) in _CATEGORIES


def without_hidden(text: str) -> str:
    """Without any of them but newlines and tabs; other spaces become plain ones."""
    return text.translate(_SHOWN)


class _Shown(dict[int, str]):
    """What stands for each character, worked out when it first comes up."""

    def __missing__(self, code: int) -> str:
        self[code] = shown = _shown(chr(code))
        return shown


def _shown(sign: str) -> str:
    if sign in "\n\t" or not is_hidden(sign):
        return sign
    return " " if unicodedata.category(sign) in _SPACES else ""


_SHOWN = _Shown()
