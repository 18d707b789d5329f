"""CrossEncoder: a model of sentence-transformers that reads question and text together and says how well they fit."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any

from rag.embed.hub import libraries, model_folder
from rag.embed.naming import cut
from rag.model.errors import RerankerFailed

_CHARACTERS = 8_000
_BATCH = 16


class CrossEncoder:
    """Loads at once: seconds and hundreds of megabytes.

    Raises `EmbedderFailed` where the model is not here, `RerankerFailed` when it can't be loaded.
    """

    def __init__(self, name: str, *, download: bool = False) -> None:
        self._name = name
        self._lock = Lock()
        folder = model_folder(name, download=download)
        open_model: Any = libraries(download=download).CrossEncoder
        try:
            self._model = open_model(str(folder), local_files_only=True, trust_remote_code=False)
        except Exception as error:  # a folder's content decides what is raised
            raise self._failed(f"can't be loaded from {folder}: {error}") from error

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """One a text, more is better; raises `RerankerFailed`.

        One thread at a time: the models' tokenizers can't be shared while they work.
        """
        pairs = [(question, cut(text, _CHARACTERS)) for text in texts]
        try:
            with self._lock:
                told = self._model.predict(pairs, batch_size=_BATCH, show_progress_bar=False)
            return [float(each) for each in told]
        except Exception as error:  # whatever the model's own code raises; several values a pair among it
            raise self._failed(f"gave no scores: {error}") from error

    def _failed(self, what: str) -> RerankerFailed:
        return RerankerFailed(
            f"The cross-encoder {self._name} {what}.", hint="Choose another in the rerank setting, or set it to `none`."
        )
