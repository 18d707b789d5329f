"""LibraryOptions: what a home's settings say of its index."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LibraryOptions:
    """`embedder` as in `rag.embed.choose`, `rerank` as in `rag.search.rerank`; `embedder_key` is the value.

    `threads` 0 lets the embedder choose. `chroma` is a Chroma server's address, or empty for the one that is built in.
    A shelf of at most `exact_up_to` vectors is searched without the built-in one, exactly and in memory. `prebuilt`
    begins a new index with the one that ships. `read_at` is when the settings were read, in seconds since 1970: of two
    processes that name different embedders the one that read later has its way.
    """

    embedder: str = "minilm"
    embedder_url: str = ""
    embedder_key: str = field(default="", repr=False)
    download: bool = False
    threads: int = 0
    chroma: str = ""
    rerank: str = "none"
    exact_up_to: int = 16_384
    prebuilt: bool = True
    read_at: float = field(default_factory=time.time, compare=False)
