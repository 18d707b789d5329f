"""Tokens as a model's context window counts them: o200k, from ranks that ship, so that nothing is ever downloaded."""

from __future__ import annotations

import lzma
from base64 import b64decode
from functools import cache
from pathlib import Path
from typing import Protocol, cast

RANKS = Path(__file__).parent / "data" / "o200k_base.tiktoken.xz"
# How o200k_base cuts text into words before it merges bytes: part of the encoding, like the ranks.
_CASELESS = r"\p{Lm}\p{Lo}\p{M}"
_CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
WORDS = "|".join(
    (
        rf"[^\r\n\p{{L}}\p{{N}}]?[\p{{Lu}}\p{{Lt}}{_CASELESS}]*[\p{{Ll}}{_CASELESS}]+{_CONTRACTION}",
        rf"[^\r\n\p{{L}}\p{{N}}]?[\p{{Lu}}\p{{Lt}}{_CASELESS}]+[\p{{Ll}}{_CASELESS}]*{_CONTRACTION}",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)
_WINDOW = 16_000  # characters counted at once: a longer run of one sign takes more than its share of time


class _Encoding(Protocol):
    def encode_ordinary(self, text: str, /) -> list[int]: ...


def count(text: str) -> int:
    """Exact up to 16,000 characters; beyond, each further window of text may add a token or two."""
    encoding = _encoding()
    windows = (text[start : start + _WINDOW] for start in range(0, len(text), _WINDOW))
    return sum(len(encoding.encode_ordinary(window)) for window in windows)


@cache
def _encoding() -> _Encoding:
    # Here and not above: a search reads stored counts, and only what writes or renders text counts it.
    import tiktoken  # noqa: PLC0415

    ranks = (line.split() for line in lzma.decompress(RANKS.read_bytes()).splitlines())
    return cast(
        "_Encoding",
        tiktoken.Encoding(
            "o200k_base",
            pat_str=WORDS,
            mergeable_ranks={b64decode(token): int(rank) for token, rank in ranks},
            special_tokens={},
        ),
    )
