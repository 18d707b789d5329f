"""Documents in memory, and an embedder that needs no model: what tests of the index put in it."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from rag.embed.contract import Embedder, Vectors
from rag.index.shelving import Shelving
from rag.model.document import Document, Scope
from rag.model.errors import DocumentUnreadable
from rag.model.options import LibraryOptions
from rag.model.source import Source


class Words:
    """Adds up a random direction for each word, so that texts which share words are near. `name` is another model."""

    dimensions = 64
    batch = 8

    def __init__(self, name: str = "words") -> None:
        self.fingerprint = f"{name}.1"
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return np.stack([self._vector(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        return self._vector(text)

    def _vector(self, text: str) -> Vectors:
        total = np.full(self.dimensions, 1e-3, np.float32)
        for word in text.lower().split():
            seed = zlib.crc32(f"{self.fingerprint} {word}".encode("utf-8", "replace"))
            total += np.random.default_rng(seed).standard_normal(self.dimensions, np.float32)
        return (total / np.linalg.norm(total)).astype(np.float32)


class Pages:
    """A source whose documents are what `texts` says; `unreadable` ones raise."""

    def __init__(self, texts: Mapping[str, str], shelf: str = "", scope: Scope = Scope.KNOWLEDGE) -> None:
        self.texts = dict(texts)
        self.shelf = shelf
        self.scope = scope
        self.kinds: dict[str, str] = {}
        self.tags: dict[str, tuple[str, ...]] = {}
        self.unreadable: set[str] = set()
        self.read_ids: list[str] = []

    def marks(self) -> Mapping[str, str]:
        return {
            id_: hashlib.md5(
                repr((text, self.kinds.get(id_), self.tags.get(id_), id_ in self.unreadable)).encode(
                    "utf-8", "surrogatepass"
                )
            ).hexdigest()
            for id_, text in self.texts.items()
        }

    def read(self, document_id: str) -> Document | None:
        self.read_ids.append(document_id)
        if document_id in self.unreadable:
            raise DocumentUnreadable(f"{document_id} is no text.")
        return Document(
            document_id, self.shelf, self.scope, f"test://{self.shelf}/{document_id}", document_id,
            self.texts[document_id], self.kinds.get(document_id, "guide"), tags=self.tags.get(document_id, ()),
        )  # fmt: skip


def shelving(
    folder: Path, *sources: Source, embedder: Embedder | None = None, options: LibraryOptions | None = None
) -> Shelving:
    model = embedder or Words()
    wanted = options or LibraryOptions(embedder=model.fingerprint, prebuilt=False)
    return Shelving(folder, wanted, lambda: sources, lambda: model)
