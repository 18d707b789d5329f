"""Embedder: what turns text into vectors owes the index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Vectors are unit length, so that a dot product is the cosine. Safe to call from several threads."""

    @property
    def fingerprint(self) -> str:
        """Names model and version, `[a-z0-9.-]`, at most 40 characters: vectors of equal fingerprints compare.

        Quick; no model is loaded for it. Raises `EmbedderFailed` when there is no such model on this machine.
        """
        ...

    @property
    def dimensions(self) -> int:
        """May load the model or ask the endpoint, and raise `EmbedderFailed` as `embed` does."""
        ...

    @property
    def batch(self) -> int:
        """How many texts at once are fastest."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape `(len(texts), dimensions)`. Any text is accepted: long ones are cut, empty ones have a vector too.

        Raises `EmbedderFailed` when the model can't be loaded or the endpoint does not answer.
        """
        ...

    def embed_query(self, text: str) -> Vectors:
        """Shape `(dimensions,)`: a model that reads questions differently from documents is told which this is."""
        ...
