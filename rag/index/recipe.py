"""The recipe: the code that an index was made by. Another recipe makes another index, beside the one there is."""

from __future__ import annotations

import hashlib
from pathlib import Path

_RAG = Path(__file__).resolve().parents[1]
_MADE_BY = ("chunk/*.py", "index/lexical.py", "index/tables.py", "model/chunk.py")


def _digest() -> str:
    digest = hashlib.sha256()
    for file in sorted(path for pattern in _MADE_BY for path in _RAG.glob(pattern)):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:10]


# Of how documents are cut, which words of them are indexed, and the tables: nobody has to remember to raise a number.
RECIPE = _digest()
