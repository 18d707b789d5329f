"""What text costs at most, without a tokenizer: a search does not wait for one to load."""

from __future__ import annotations

import re

# What o200k keeps whole, or in so many tokens at most.
_PART = re.compile(r"groundplan://(?:knowledge|workspaces)/|[a-z]+|[A-Z]+|[0-9]+|[^\x00-\x7f]+|.", re.DOTALL)
_ADDRESS = 8
# Every two small letters are a token together, but for pairs that hold one of these.
_RARE = re.compile("[jkqxz]")


def at_most(text: str) -> int:
    """No fewer tokens (o200k) than the text has; about twice as many for prose."""
    return sum(_cost(part[0]) for part in _PART.finditer(text))


def _cost(part: str) -> int:
    if part[0].islower() and part[0].isascii():
        return _ADDRESS if part[-1] == "/" else (2 * len(part) + 1 + 2 * len(_RARE.findall(part))) // 3
    if part[0].isdigit() and part[0].isascii():
        return (len(part) + 2) // 3
    return len(part.encode("utf-8", "replace"))
