"""A small index with vectors that tell of nothing but shared words."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from rag.embed.contract import Vectors
from rag.index.shelving import Shelving
from rag.model.document import Document, Scope
from rag.model.options import LibraryOptions
from rag.search.store import Store
from rag.search.terms import stems, telling_words


class WordVectors:
    """A bag of hashed words: texts that share words are near."""

    fingerprint = "word-vectors.1"
    dimensions = 64
    batch = 32

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.array([self.embed_query(text) for text in texts], np.float32).reshape(-1, self.dimensions)

    def embed_query(self, text: str) -> Vectors:
        vector = np.full(self.dimensions, 0.01, np.float32)
        for word in stems(" ".join(telling_words(text))):
            vector[int.from_bytes(hashlib.sha256(word.encode()).digest()[:2]) % self.dimensions] += 1
        return (vector / np.linalg.norm(vector)).astype(np.float32)


class Shelf:
    scope = Scope.FILES

    def __init__(self, name: str, pages: dict[str, str]) -> None:
        self.shelf = name
        self._pages = pages

    def marks(self) -> dict[str, str]:
        return dict.fromkeys(self._pages, "1")

    def read(self, document_id: str) -> Document | None:
        title = document_id.rpartition("/")[2].partition(".")[0].replace("-", " ")
        return Document(document_id, self.shelf, self.scope, document_id, title, self._pages[document_id])


@contextmanager
def indexed(folder: Path, *shelves: Shelf) -> Generator[Store]:
    shelving = Shelving(folder, LibraryOptions(), lambda: shelves, WordVectors)
    shelving.refresh()
    with shelving.view() as store:
        yield store
    shelving.close()
