"""LibraryOptions: what a home's settings say of its index."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class LibraryOptions:
    """`embedder` as in `rag.embed.choose`; `embedder_key` is the value. `threads` 0 lets the embedder choose.

    `chroma` is a Chroma server's address, or empty for the one that is built in. A shelf of at most `exact_up_to`
    vectors is searched without the built-in one, exactly and in memory. `prebuilt` begins a new index with
    the one that ships.
    """

    embedder: str = "minilm"
    embedder_url: str = ""
    embedder_key: str = field(default="", repr=False)
    download: bool = False
    threads: int = 0
    chroma: str = ""
    rerank: Literal["none", "late"] = "none"
    exact_up_to: int = 16_384
    prebuilt: bool = True
