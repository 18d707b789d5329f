"""SentenceModel: any sentence-transformers model on this machine, on a GPU where there is one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Protocol, cast

import numpy as np

from rag.embed.contract import Vectors
from rag.embed.hub import libraries, model_folder
from rag.embed.naming import cut, fingerprint
from rag.model.errors import EmbedderFailed

_CHARACTERS = 60_000  # a model that reads 8,192 tokens uses no more, and the tokenizer reads all it is given
_PIECE = 1 << 20
_MODEL_FILES = (".bin", ".json", ".model", ".safetensors", ".txt")


class _Loaded(Protocol):
    """What is used of a `SentenceTransformer`."""

    def encode_document(self, inputs: list[str], *, normalize_embeddings: bool, show_progress_bar: bool) -> Vectors: ...
    def encode_query(self, inputs: list[str], *, normalize_embeddings: bool, show_progress_bar: bool) -> Vectors: ...


class SentenceModel:
    """Loads at first use, in the thread that asks: seconds and hundreds of megabytes, so not while somebody waits.

    `name` is a folder or a name on the Hugging Face hub; what is not on disk is downloaded only with `download`.
    """

    batch = 64

    def __init__(self, name: str, *, download: bool = False) -> None:
        self._name = name
        self._download = download
        self._lock = Lock()
        self._model: _Loaded | None = None
        self._fingerprint = ""
        self._dimensions = 0

    @property
    def fingerprint(self) -> str:
        """Known without loading the model. Raises `EmbedderFailed` when it is not on disk."""
        if not self._fingerprint:
            folder = model_folder(self._name, download=self._download)
            self._fingerprint = fingerprint("st", self._name, *_identity(folder))
        return self._fingerprint

    @property
    def dimensions(self) -> int:
        """Loads the model; raises `EmbedderFailed`."""
        self._dimensions = self._dimensions or len(self.embed_query("dimensions"))
        return self._dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        return self._encode(texts, question=False)

    def embed_query(self, text: str) -> Vectors:
        return self._encode([text], question=True)[0]

    def _encode(self, texts: Sequence[str], *, question: bool) -> Vectors:
        """One thread at a time: the models' tokenizers can't be shared while they work."""
        ready = [cut(text, _CHARACTERS) for text in texts]
        with self._lock:
            self._model = self._model or self._load()
            encode = self._model.encode_query if question else self._model.encode_document
            try:
                vectors = encode(ready, normalize_embeddings=True, show_progress_bar=False)
            except Exception as error:  # whatever the model's own code raises, memory of the GPU first of all
                raise self._failed(f"gave no vectors: {error}") from error
        return np.asarray(vectors, np.float32)

    def _load(self) -> _Loaded:
        folder = model_folder(self._name, download=self._download)
        open_model = libraries(download=self._download).SentenceTransformer
        try:
            return cast("_Loaded", open_model(str(folder), local_files_only=True, trust_remote_code=False))
        except Exception as error:  # a folder's content decides what is raised
            raise self._failed(f"can't be loaded from {folder}: {error}") from error

    def _failed(self, what: str) -> EmbedderFailed:
        return EmbedderFailed(
            f"The sentence-transformers model {self._name} {what}.",
            hint="Choose another in the embedder setting, or set it to `minilm`.",
        )


def _identity(folder: Path) -> Iterator[str]:
    """What the model's files hold; of large ones only size, beginning and end, since reading all takes seconds."""
    for path in sorted([*folder.glob("*"), *folder.glob("*/*")]):
        if path.suffix not in _MODEL_FILES or not path.is_file():
            continue
        size = path.stat().st_size
        with path.open("rb") as opened:
            digest = hashlib.sha256(opened.read(_PIECE))
            opened.seek(max(0, size - _PIECE))
            digest.update(opened.read(_PIECE))
        yield f"{path.relative_to(folder).as_posix()} {size} {digest.hexdigest()}"
